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

# Prints the call; makes it unless this is a dry run.
call() {
    printf '+' >&2
    printf ' %q' "$@" >&2
    printf '\n' >&2
    [ -n "$dry_run" ] || "$@"
}

region=${AWS_REGION:-${AWS_DEFAULT_REGION:-$(aws configure get region || true)}}
[ -n "$region" ] || { echo "No region: set AWS_REGION, or run aws configure" >&2; exit 1; }
export AWS_REGION=$region AWS_DEFAULT_REGION=$region

if [ -z "$dry_run$yes" ]; then
    read -rp "Delete the stack $stack with all its photos and records? Type its name: " answer
    [ "$answer" = "$stack" ] || { echo "Nothing was deleted." >&2; exit 1; }
fi

account=$(call aws sts get-caller-identity --query Account --output text)
bucket=$(call aws cloudformation describe-stacks --stack-name "$stack" \
    --query "Stacks[0].Outputs[?OutputKey=='BucketName'].OutputValue" --output text)
call aws s3 rm --only-show-errors --recursive "s3://${bucket:-BUCKET}"
call aws cloudformation delete-stack --stack-name "$stack"
call aws cloudformation wait stack-delete-complete --stack-name "$stack"
call aws s3 rb --force "s3://$stack-code-${account:-ACCOUNT}-$region"
