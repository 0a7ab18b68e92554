import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from cfnlint.api import ManualArgs, lint
from cfnlint.decode.cfn_yaml import load

from lambda_trigger.call import Call
from tests.infra.conftest import REGION, ROOT, TEMPLATE
from tests.lambda_trigger.events import trace

TEMPLATE_DOCUMENT: dict[str, Any] = load(str(TEMPLATE))
RESOURCES: dict[str, Any] = TEMPLATE_DOCUMENT["Resources"]


def properties(name: str) -> Any:
    return RESOURCES[name]["Properties"]


def of_type(kind: str) -> dict[str, Any]:
    return {name: resource["Properties"] for name, resource in RESOURCES.items() if resource["Type"] == kind}


def as_list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]


def grants() -> Iterator[tuple[str, dict[str, Any]]]:
    """Every statement that allows something, with the resource it stands in."""
    for name, resource in RESOURCES.items():
        inside = resource["Properties"]
        documents = [inside.get("PolicyDocument"), *(policy["PolicyDocument"] for policy in inside.get("Policies", []))]
        for document in filter(None, documents):
            yield from ((name, statement) for statement in document["Statement"] if statement["Effect"] == "Allow")


def granted(name: str) -> dict[str, list[Any]]:
    return {
        action: as_list(statement["Resource"])
        for owner, statement in grants()
        if owner == name
        for action in as_list(statement["Action"])
    }


def test_cfn_lint_finds_nothing() -> None:
    assert lint(TEMPLATE.read_text(), config=ManualArgs(regions=[REGION, "us-east-1"])) == []


class TestQueues:
    def test_commands_wait_a_day_and_are_long_polled(self) -> None:
        queue = properties("Queue")
        assert (queue["ReceiveMessageWaitTimeSeconds"], queue["MessageRetentionPeriod"]) == (20, 86_400)

    def test_a_command_that_fails_five_times_goes_to_the_dead_letters_for_14_days(self) -> None:
        redrive = properties("Queue")["RedrivePolicy"]
        assert redrive == {"deadLetterTargetArn": {"Fn::GetAtt": ["DeadLetterQueue", "Arn"]}, "maxReceiveCount": 5}
        assert properties("DeadLetterQueue")["MessageRetentionPeriod"] == 14 * 86_400

    def test_only_the_command_queue_feeds_the_dead_letters(self) -> None:
        allowed = properties("DeadLetterQueue")["RedriveAllowPolicy"]
        assert allowed["redrivePermission"] == "byQueue"
        assert len(allowed["sourceQueueArns"]) == 1
        assert properties("FunctionRetries")["DestinationConfig"]["OnFailure"] == {
            "Destination": {"Fn::GetAtt": ["FailedInvocations", "Arn"]}
        }

    @pytest.mark.parametrize("name", of_type("AWS::SQS::Queue"))
    def test_every_queue_is_encrypted(self, name: str) -> None:
        assert properties(name)["SqsManagedSseEnabled"] is True


class TestStores:
    def test_nobody_else_sees_a_photo(self) -> None:
        assert set(properties("Bucket")["PublicAccessBlockConfiguration"].values()) == {True}
        assert len(properties("Bucket")["PublicAccessBlockConfiguration"]) == 4

    def test_photos_are_encrypted_unversioned_and_deleted_in_time(self) -> None:
        bucket = properties("Bucket")
        (rule,) = bucket["BucketEncryption"]["ServerSideEncryptionConfiguration"]
        assert rule == {"ServerSideEncryptionByDefault": {"SSEAlgorithm": "AES256"}}
        assert "VersioningConfiguration" not in bucket
        (lifecycle,) = bucket["LifecycleConfiguration"]["Rules"]
        assert (lifecycle["Status"], lifecycle["ExpirationInDays"]) == ("Enabled", {"Ref": "RetentionDays"})
        assert not lifecycle.keys() & {"Prefix", "TagFilters", "ObjectSizeGreaterThan"}

    def test_photos_travel_by_tls_only(self) -> None:
        (statement,) = properties("BucketPolicy")["PolicyDocument"]["Statement"]
        assert (statement["Effect"], statement["Principal"], statement["Action"]) == ("Deny", "*", "s3:*")
        assert statement["Condition"] == {"Bool": {"aws:SecureTransport": "false"}}
        assert len(statement["Resource"]) == 2

    def test_records_have_the_keys_of_the_design_and_expire(self) -> None:
        table = properties("Table")
        assert [(key["AttributeName"], key["KeyType"]) for key in table["KeySchema"]] == [
            ("camera", "HASH"),
            ("capture_id", "RANGE"),
        ]
        assert table["BillingMode"] == "PAY_PER_REQUEST"
        assert table["TimeToLiveSpecification"] == {"AttributeName": "expires_at", "Enabled": True}

    def test_no_backup_keeps_a_forgotten_record_unless_somebody_asks_for_it(self) -> None:
        enabled = properties("Table")["PointInTimeRecoverySpecification"]["PointInTimeRecoveryEnabled"]
        assert enabled == {"Fn::If": ["HasPointInTimeRecovery", True, False]}
        assert TEMPLATE_DOCUMENT["Conditions"]["HasPointInTimeRecovery"] == {
            "Fn::Equals": [{"Ref": "PointInTimeRecovery"}, "true"]
        }
        assert TEMPLATE_DOCUMENT["Parameters"]["PointInTimeRecovery"]["Default"] == "false"

    @pytest.mark.parametrize("name", ["Bucket", "Table"])
    def test_a_change_that_replaces_a_store_keeps_the_old_one(self, name: str) -> None:
        assert RESOURCES[name]["UpdateReplacePolicy"] == "Retain"


class TestFunction:
    def test_it_is_small_and_calls_the_handler(self) -> None:
        function = properties("Function")
        assert (function["Runtime"], function["Architectures"], function["MemorySize"]) == (
            "python3.13",
            ["arm64"],
            128,
        )
        module, _, name = function["Handler"].rpartition(".")
        assert (ROOT / f"{module.replace('.', '/')}.py").is_file()
        assert name == "handler"

    def test_it_ends_after_its_longest_wait_for_the_record(self) -> None:
        assert properties("Function")["Timeout"] > 6.5 + 2 * (1 + 2)  # the wait, or two attempts at the queue

    def test_its_log_is_its_own_and_does_not_grow_for_ever(self) -> None:
        assert properties("Function")["LoggingConfig"] == {"LogGroup": {"Ref": "LogGroup"}}
        assert properties("LogGroup")["RetentionInDays"] == {"Ref": "LogRetentionDays"}

    def test_it_gives_up_on_an_event_after_two_retries(self) -> None:
        retries = properties("FunctionRetries")
        assert (retries["Qualifier"], retries["MaximumRetryAttempts"]) == ("$LATEST", 2)

    def test_every_attempt_at_an_event_knows_its_trace_for_its_own(self) -> None:
        oldest = timedelta(seconds=properties("FunctionRetries")["MaximumEventAgeInSeconds"])
        last = datetime(2025, 11, 22, 18, 44, tzinfo=UTC)
        assert Call.begin(None, trace(last - oldest), last).accepted == last - oldest

    def test_the_token_is_in_no_parameter_and_no_variable(self) -> None:
        assert "WEBHOOK_TOKEN" not in properties("Function")["Environment"]["Variables"]
        assert not [name for name in TEMPLATE_DOCUMENT["Parameters"] if name.endswith(("Token", "Secret", "Password"))]

    def test_reserved_concurrency_is_optional(self) -> None:
        assert TEMPLATE_DOCUMENT["Parameters"]["ReservedConcurrency"]["Default"] == ""
        assert properties("Function")["ReservedConcurrentExecutions"]["Fn::If"][0] == "ReservesConcurrency"


class TestTriggers:
    def test_iot_rules_add_the_time_the_device_and_the_topic_that_marks_them(self) -> None:
        assert properties("IotButtonRule")["TopicRulePayload"]["Sql"] == (
            "SELECT *, timestamp() AS pressed_at, topic(2) AS device, topic() AS topic FROM 'iotbutton/+'"
        )
        sql = properties("ButtonTopicRule")["TopicRulePayload"]["Sql"]["Fn::Sub"]
        assert sql == (
            "SELECT *, timestamp() AS pressed_at, topic(${ButtonTopicDevice}) AS device, topic() AS topic "
            "FROM '${ButtonTopic}'"
        )

    def test_only_the_stacks_own_rules_may_invoke(self) -> None:
        permissions = [p for p in of_type("AWS::Lambda::Permission").values() if p["Principal"] == "iot.amazonaws.com"]
        assert [permission["SourceArn"]["Fn::Sub"].partition(":rule")[2] for permission in permissions] == [
            "/${IotButtonRule}",
            "/${ButtonTopicRule}",
        ]
        assert all(permission["SourceAccount"] == {"Ref": "AWS::AccountId"} for permission in permissions)

    def test_only_the_configured_skill_may_invoke(self) -> None:
        assert properties("AlexaPermission")["EventSourceToken"] == {"Ref": "AlexaSkillId"}

    def test_everybody_may_invoke_by_the_url_alone(self) -> None:
        public = {name: p for name, p in of_type("AWS::Lambda::Permission").items() if p["Principal"] == "*"}
        assert public.keys() == {"WebhookUrlPermission", "WebhookInvokePermission"}
        assert public["WebhookUrlPermission"]["Action"] == "lambda:InvokeFunctionUrl"
        assert public["WebhookInvokePermission"]["InvokedViaFunctionUrl"] is True

    @pytest.mark.parametrize(
        ("name", "condition"),
        [
            ("ButtonTopicRule", "HasButtonTopic"),
            ("ButtonTopicPermission", "HasButtonTopic"),
            ("Webhook", "HasWebhook"),
            ("WebhookUrlPermission", "HasWebhook"),
            ("WebhookInvokePermission", "HasWebhook"),
            ("WebhookTokenPolicy", "HasWebhook"),
            ("AlexaPermission", "HasAlexa"),
            ("WaitForRecordPolicy", "AlexaWaits"),
            ("ScheduledPress", "HasSchedule"),
            ("ScheduleRole", "HasSchedule"),
            ("AlarmTopic", "HasAlarmEmail"),
            ("WorkerRole", "HasTrustAnchor"),
            ("WorkerProfile", "HasTrustAnchor"),
            ("BoardPolicy", "HasBoard"),
            ("BoardActionsPolicy", "BoardActs"),
        ],
    )
    def test_what_nobody_asked_for_is_not_made(self, name: str, condition: str) -> None:
        assert RESOURCES[name]["Condition"] == condition

    def test_the_schedule_says_when_it_was_due(self) -> None:
        assert json.loads(properties("ScheduledPress")["Target"]["Input"]) == {
            "command": "TakePicture",
            "source": "schedule",
            "pressed_at": "<aws.scheduler.scheduled-time>",
        }


class TestPermissions:
    def test_no_statement_allows_a_wildcard_action(self) -> None:
        assert [action for _, grant in grants() for action in as_list(grant["Action"]) if "*" in action] == []

    def test_only_rekognition_and_polly_have_no_resource(self) -> None:
        everywhere = {a for _, grant in grants() if "*" in as_list(grant["Resource"]) for a in as_list(grant["Action"])}
        assert everywhere == {
            "rekognition:DetectFaces",
            "rekognition:DetectLabels",
            "rekognition:DetectText",
            "polly:SynthesizeSpeech",
        }

    def test_the_function_may_send_and_log(self) -> None:
        log = [{"Fn::GetAtt": ["LogGroup", "Arn"]}]
        assert granted("FunctionRole") == {
            "sqs:SendMessage": [{"Fn::GetAtt": ["Queue", "Arn"]}, {"Fn::GetAtt": ["FailedInvocations", "Arn"]}],
            "logs:CreateLogStream": log,
            "logs:PutLogEvents": log,
        }

    def test_the_function_may_read_a_record_only_where_alexa_waits(self) -> None:
        assert granted("WaitForRecordPolicy") == {"dynamodb:GetItem": [{"Fn::GetAtt": ["Table", "Arn"]}]}

    def test_the_function_may_read_its_own_token_only(self) -> None:
        (resource,) = granted("WebhookTokenPolicy")["ssm:GetParameter"]
        assert resource["Fn::Sub"].endswith(":parameter${WebhookTokenParameter}")

    def test_the_worker_may_do_what_the_design_lists(self) -> None:
        statements = {
            statement["Sid"]: set(as_list(statement["Action"]))
            for statement in properties("WorkerPolicy")["PolicyDocument"]["Statement"]
        }
        assert statements["Commands"] == {
            f"sqs:{action}"
            for action in (
                "ReceiveMessage",
                "DeleteMessage",
                "ChangeMessageVisibility",
                "GetQueueUrl",
                "GetQueueAttributes",
                "SendMessage",
            )
        }
        assert statements["Photos"] == {"s3:PutObject", "s3:GetObject", "s3:DeleteObject"}
        assert statements["Records"] == {
            f"dynamodb:{action}" for action in ("GetItem", "UpdateItem", "Query", "DeleteItem")
        }
        assert {name: actions for name, actions in statements.items() if name.startswith("OnlyCheck")} == {
            "OnlyCheckBucket": {"s3:GetBucketPolicyStatus", "s3:GetBucketPublicAccessBlock"},
            "OnlyCheckTable": {"dynamodb:DescribeTimeToLive"},
        }

    def test_the_worker_touches_photos_only(self) -> None:
        assert granted("WorkerPolicy")["s3:PutObject"] == [{"Fn::Sub": "${Bucket.Arn}/captures/*"}]

    def test_the_board_may_read_and_do_nothing_else(self) -> None:
        table = [{"Fn::GetAtt": ["Table", "Arn"]}]
        photos = [{"Fn::Sub": "${Bucket.Arn}/captures/*"}]
        read = {"dynamodb:GetItem": table, "dynamodb:Query": table, "s3:GetObject": photos}
        assert granted("BoardPolicy") == read

    def test_the_board_may_send_commands_only_where_somebody_asked_for_it(self) -> None:
        queue = [{"Fn::GetAtt": ["Queue", "Arn"]}]
        assert granted("BoardActionsPolicy") == {"sqs:SendMessage": queue, "sqs:GetQueueUrl": queue}
        asked = [{"Fn::Equals": [{"Ref": name}, "on"]} for name in ("Board", "BoardActions")]
        assert TEMPLATE_DOCUMENT["Conditions"]["BoardActs"] == {"Fn::And": asked}

    @pytest.mark.parametrize("parameter", ["Board", "BoardActions"])
    def test_the_board_has_nothing_unless_somebody_asks_for_it(self, parameter: str) -> None:
        declared = TEMPLATE_DOCUMENT["Parameters"][parameter]
        assert (declared["Default"], declared["AllowedValues"]) == ("off", ["off", "on"])

    def test_the_stack_makes_no_access_key(self) -> None:
        assert not {"AWS::IAM::AccessKey", "AWS::IAM::User"} & {resource["Type"] for resource in RESOURCES.values()}

    def test_the_workers_role_wants_its_certificate_from_the_trust_anchor(self) -> None:
        (statement,) = properties("WorkerRole")["AssumeRolePolicyDocument"]["Statement"]
        assert statement["Condition"] == {
            "ArnEquals": {"aws:SourceArn": {"Ref": "TrustAnchorArn"}},
            "StringEquals": {"aws:PrincipalTag/x509Subject/CN": {"Ref": "WorkerCertificateName"}},
        }


class TestAlarms:
    @pytest.mark.parametrize(
        ("name", "metric", "watched", "threshold"),
        [
            ("DeadLettersAlarm", "ApproximateNumberOfMessagesVisible", "DeadLetterQueue", 0),
            ("FailedInvocationsAlarm", "ApproximateNumberOfMessagesVisible", "FailedInvocations", 0),
            ("WorkerAwayAlarm", "ApproximateAgeOfOldestMessage", "Queue", 300),
        ],
    )
    def test_a_queue_that_fills_is_told(self, name: str, metric: str, watched: str, threshold: int) -> None:
        alarm = properties(name)
        assert (alarm["MetricName"], alarm["Threshold"]) == (metric, threshold)
        assert alarm["Dimensions"] == [{"Name": "QueueName", "Value": {"Fn::GetAtt": [watched, "QueueName"]}}]
        assert alarm["ComparisonOperator"] == "GreaterThanThreshold"

    def test_errors_of_the_function_are_told(self) -> None:
        alarm = properties("FunctionErrorsAlarm")
        assert (alarm["Namespace"], alarm["MetricName"], alarm["Threshold"]) == ("AWS/Lambda", "Errors", 0)

    @pytest.mark.parametrize("name", of_type("AWS::CloudWatch::Alarm"))
    def test_every_alarm_reaches_the_address_that_was_given(self, name: str) -> None:
        told = {"Fn::If": ["HasAlarmEmail", [{"Ref": "AlarmTopic"}], {"Ref": "AWS::NoValue"}]}
        assert properties(name)["AlarmActions"] == told
