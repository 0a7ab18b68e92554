#!/usr/bin/env bash
# Deletes what infra/deploy.sh made, photos and records included.
set -euo pipefail

usage() {
    echo "Usage: infra/destroy.sh [--dry-run] [--yes] STACK" >&2
    exit 2
}

dry_run=
yes=
while [[ ${1-} == --* ]]; do
    case $1 in
        --dry-run) dry_run=1 ;;
        --yes) yes=1 ;;
        *) usage ;;
    esac
    shift
done
[ $# = 1 ] || usage
stack=$1

# shellcheck source=infra/aws.sh
. "$(dirname "$0")/aws.sh"

if [ -z "$dry_run$yes" ]; then
    read -rp "Delete the stack $stack with all its photos and records? Type its name: " answer
    [ "$answer" = "$stack" ] || { echo "Nothing was deleted." >&2; exit 1; }
fi

bucket=$(call aws cloudformation describe-stacks --stack-name "$stack" \
    --query "Stacks[0].Outputs[?OutputKey=='BucketName'].OutputValue" --output text)
if own_bucket "${bucket:-BUCKET}"; then
    call aws s3 rm --only-show-errors --recursive "s3://${bucket:-BUCKET}"
fi
call aws cloudformation delete-stack --stack-name "$stack"
call aws cloudformation wait stack-delete-complete --stack-name "$stack"
code_bucket=$stack-code-${account:-ACCOUNT}-$region
if own_bucket "$code_bucket"; then
    call aws s3 rb --force "s3://$code_bucket"
fi
