#!/usr/bin/env bash
# Packs the function, deploys the stack and writes the worker's .env.
set -euo pipefail

usage() {
    cat >&2 <<'USAGE'
Usage: infra/deploy.sh [--dry-run] STACK [PARAMETER=VALUE ...]

Deploys infra/template.yaml, whose parameters are described there, with the AWS CLI and its credentials and region.
Parameters that are left out keep their value from the last deploy. Writes .env in the current folder unless there
is one; then it prints the lines. --dry-run prints the calls instead of making them.
USAGE
    exit 2
}

dry_run=
[ "${1-}" = --dry-run ] && { dry_run=1; shift; }
stack=${1-}
[[ $stack =~ ^[a-z][a-z0-9-]{0,31}$ ]] || { echo "STACK: lower-case letters, digits and '-', at most 32" >&2; usage; }
shift
for parameter in "$@"; do [[ $parameter == [A-Z]*=* ]] || usage; done

infra=$(cd "$(dirname "$0")" && pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

# shellcheck source=infra/aws.sh
. "$infra/aws.sh"

code_bucket=$stack-code-${account:-ACCOUNT}-$region
code=$(python3 "$infra/package.py" "$work")

if ! own_bucket "$code_bucket" || [ -n "$dry_run" ]; then
    call aws s3 mb "s3://$code_bucket" # S3 blocks all public access to a new bucket by itself
fi
call aws s3api put-object --bucket "$code_bucket" --key "$(basename "$code")" --body "$code" \
    --expected-bucket-owner "${account:-ACCOUNT}" >/dev/null

template=file://$infra/template.yaml
verb=create
echo '[]' | tee "$work/declared" >"$work/present"
if [ -z "$dry_run" ]; then
    aws cloudformation get-template-summary --template-body "$template" \
        --query Parameters --output json >"$work/declared"
    if aws cloudformation describe-stacks --stack-name "$stack" \
        --query 'Stacks[0].Parameters' --output json >"$work/present.new" 2>/dev/null; then
        verb=update
        mv "$work/present.new" "$work/present"
    fi
fi
python3 "$infra/parameters.py" "$work/declared" "$work/present" \
    "CodeBucket=$code_bucket" "CodeKey=$(basename "$code")" "$@" >"$work/parameters.json"
if call aws cloudformation "$verb-stack" --stack-name "$stack" --template-body "$template" \
    --parameters "file://$work/parameters.json" --capabilities CAPABILITY_IAM --output text 2>"$work/errors"; then
    cat "$work/errors" >&2
    call aws cloudformation wait "stack-$verb-complete" --stack-name "$stack"
else
    cat "$work/errors" >&2
    grep -q 'No updates are to be performed' "$work/errors" || exit 1
fi

outputs=$(call aws cloudformation describe-stacks --stack-name "$stack" \
    --query 'Stacks[0].Outputs[].[OutputKey,OutputValue]' --output text)
[ -z "$dry_run" ] || exit 0

output() { awk -F '\t' -v key="$1" '$1 == key { print $2 }' <<<"$outputs"; }
lines="AWS_DEFAULT_REGION=$region
QUEUE_URL=$(output QueueUrl)
BUCKET_NAME=$(output BucketName)
TABLE_NAME=$(output TableName)
CAMERA_NAME=$(output CameraName)
RETENTION_DAYS=$(output RetentionDays)"

grep -q '=$' <<<"$lines" && { echo "The stack $stack lacks an output that the worker needs" >&2; exit 1; }
# noclobber: an .env that is there, or appears meanwhile, is never overwritten.
if (umask 077; set -o noclobber; printf '%s\n' "$lines" >.env) 2>/dev/null; then
    echo "Wrote .env; add CAMERA_HOST and CAMERA_PASSWORD."
else
    printf '%s\n' "There is an .env already; these are its lines for this stack:" "$lines"
fi
webhook=$(output WebhookUrl)
[ -z "$webhook" ] || echo "Webhook: $webhook"
