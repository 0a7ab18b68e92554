# Sourced by deploy.sh and destroy.sh. In: dry_run, empty or not. Out: region, account (empty in a dry run), functions.

exec 3>&2

# Prints the call; makes it unless this is a dry run.
call() {
    printf '+' >&3
    printf ' %q' "$@" >&3
    printf '\n' >&3
    [ -n "$dry_run" ] || "$@"
}

region=${AWS_REGION:-${AWS_DEFAULT_REGION:-$(aws configure get region || true)}}
[ -n "$region" ] || { echo "No region: set AWS_REGION, or run aws configure" >&2; exit 1; }
export AWS_REGION=$region AWS_DEFAULT_REGION=$region

account=$(call aws sts get-caller-identity --query Account --output text)

# Whether the bucket is there. Bucket names are the whole world's: if it is somebody else's, this ends the script.
own_bucket() {
    local answer
    answer=$(call aws s3api head-bucket --bucket "$1" --expected-bucket-owner "${account:-ACCOUNT}" 2>&1) && return 0
    case $answer in
        *'(404)'*) return 1 ;;
        *'(403)'*)
            echo "The bucket $1 is not of the account $account, or these credentials may not see it (s3:ListBucket)." >&2
            echo "It was not touched. If it is somebody else's, choose another name for STACK." >&2
            ;;
        *) printf '%s\n' "$answer" >&2 ;;
    esac
    exit 1
}
