"""Functions, their versions, and a mapping of one to a stream, as boto3 has them on AWS."""
import io
import json
import time
import zipfile

import boto3
from botocore.exceptions import ClientError

CODE = """
exports.handler = async (event, context) => {
  if (event.fail) throw new RangeError(event.fail);
  for (const { kinesis } of event.Records ?? []) console.log(Buffer.from(kinesis.data, 'base64').toString());
  return { says: process.env.GREETING, version: context.functionVersion, heard: event };
};
"""

session = boto3.Session()
lambda_, kinesis, iam = (session.client(name) for name in ("lambda", "kinesis", "iam"))


def zipped(code):
    into = io.BytesIO()
    with zipfile.ZipFile(into, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("index.js", code)
    return into.getvalue()


def refused(code, call, **arguments):
    try:
        call(**arguments)
    except ClientError as error:
        assert error.response["Error"]["Code"] == code, error
        return error.response["Error"]["Message"]
    raise AssertionError(f"{code} was expected")


def role():
    trust = {
        "Version": "2012-10-17",
        "Statement": [
            {"Effect": "Allow", "Principal": {"Service": "lambda.amazonaws.com"}, "Action": "sts:AssumeRole"}
        ],
    }
    made = iam.create_role(RoleName="functions", AssumeRolePolicyDocument=json.dumps(trust))["Role"]
    policy = "arn:aws:iam::aws:policy/service-role/AWSLambdaKinesisExecutionRole"
    iam.attach_role_policy(RoleName="functions", PolicyArn=policy)
    return made["Arn"]


def answer_of(name, event, **how):
    answered = lambda_.invoke(FunctionName=name, Payload=json.dumps(event), **how)
    return answered, json.load(answered["Payload"])


def functions(arn):
    made = lambda_.create_function(
        FunctionName="greeter",
        Runtime="nodejs24.x",
        Role=arn,
        Handler="index.handler",
        Code={"ZipFile": zipped(CODE)},
        Environment={"Variables": {"GREETING": "hello"}},
        Tags={"team": "shop"},
    )
    assert made["State"] in ("Pending", "Active") and made["Version"] == "$LATEST", made
    lambda_.get_waiter("function_active_v2").wait(FunctionName="greeter")
    refused("ResourceConflictException", lambda_.create_function, FunctionName="greeter", Role=arn,
            Runtime="nodejs24.x", Handler="index.handler", Code={"ZipFile": zipped(CODE)})
    answered, said = answer_of("greeter", {"a": 1})
    assert answered["StatusCode"] == 200 and "FunctionError" not in answered, answered
    assert said == {"says": "hello", "version": "$LATEST", "heard": {"a": 1}}, said
    answered, said = answer_of("greeter", {"fail": "no"})
    assert answered["FunctionError"] == "Unhandled", answered
    assert said["errorType"] == "RangeError" and said["errorMessage"] == "no", said
    assert lambda_.invoke(FunctionName="greeter", InvocationType="DryRun")["StatusCode"] == 204
    assert lambda_.invoke(FunctionName="greeter", InvocationType="Event", Payload="{}")["StatusCode"] == 202
    refused("ResourceNotFoundException", lambda_.invoke, FunctionName="nobody")
    refused("InvalidRequestContentException", lambda_.invoke, FunctionName="greeter", Payload="{")


def versions():
    first = lambda_.publish_version(FunctionName="greeter")["Version"]
    lambda_.update_function_configuration(
        FunctionName="greeter", Environment={"Variables": {"GREETING": "hi"}}
    )
    lambda_.get_waiter("function_updated_v2").wait(FunctionName="greeter")
    alias = lambda_.create_alias(FunctionName="greeter", Name="live", FunctionVersion=first)
    assert alias["AliasArn"].endswith(":function:greeter:live"), alias
    answered, said = answer_of("greeter", {}, Qualifier="live")
    assert answered["ExecutedVersion"] == first and said["says"] == "hello", said
    assert answer_of("greeter", {})[1]["says"] == "hi"
    listed = lambda_.get_paginator("list_versions_by_function").paginate(FunctionName="greeter")
    assert [one["Version"] for page in listed for one in page["Versions"]] == ["$LATEST", first]
    found = lambda_.get_function(FunctionName="greeter")
    assert found["Tags"] == {"team": "shop"} and found["Code"]["RepositoryType"] == "S3", found
    refused("ResourceNotFoundException", lambda_.get_policy, FunctionName="greeter")


def mapping():
    kinesis.create_stream(StreamName="greetings", ShardCount=1)
    kinesis.get_waiter("stream_exists").wait(StreamName="greetings")
    stream = kinesis.describe_stream(StreamName="greetings")["StreamDescription"]["StreamARN"]
    settings = {
        "FunctionName": "greeter:live",
        "EventSourceArn": stream,
        "StartingPosition": "LATEST",
        "MaximumRetryAttempts": 2,
        "FilterCriteria": {"Filters": [{"Pattern": json.dumps({"data": [{"prefix": "good"}]})}]},
    }
    message = refused("InvalidParameterValueException", lambda_.create_event_source_mapping,
                      **{**settings, "FilterCriteria": {"Filters": [{"Pattern": "{}"}]}})
    assert message == "Invalid filter pattern definition.", message
    made = lambda_.create_event_source_mapping(**settings)
    assert made["State"] == "Creating" and made["LastProcessingResult"] == "No records processed", made
    assert made["BatchSize"] == 100 and made["StartingPosition"] == "LATEST", made
    refused("ResourceConflictException", lambda_.create_event_source_mapping, **settings)
    kinesis.put_record(StreamName="greetings", PartitionKey="k", Data="good morning")
    until(lambda: lambda_.get_event_source_mapping(UUID=made["UUID"])["LastProcessingResult"] == "OK")
    changed = lambda_.update_event_source_mapping(UUID=made["UUID"], BatchSize=10, Enabled=False)
    assert changed["State"] == "Disabling" and changed["BatchSize"] == 10, changed
    until(lambda: lambda_.get_event_source_mapping(UUID=made["UUID"])["State"] == "Disabled")
    listed = lambda_.list_event_source_mappings(FunctionName="greeter:live")["EventSourceMappings"]
    assert [one["UUID"] for one in listed] == [made["UUID"]], listed
    assert lambda_.delete_event_source_mapping(UUID=made["UUID"])["State"] == "Deleting"
    until(lambda: lambda_.list_event_source_mappings()["EventSourceMappings"] == [])
    refused("ResourceNotFoundException", lambda_.get_event_source_mapping, UUID=made["UUID"])


def until(holds):
    end = time.monotonic() + 300
    while not holds():
        assert time.monotonic() < end, "it never came to this"
        time.sleep(0.1)


functions(role())
versions()
mapping()
lambda_.delete_function(FunctionName="greeter")
refused("ResourceNotFoundException", lambda_.get_function, FunctionName="greeter")
print("all went as on AWS")
