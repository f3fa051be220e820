"""Users, groups, roles and policies through boto3. Ends with 0 and a last word when all went as on AWS."""

import json

import boto3
from botocore.exceptions import ClientError

SOON = {"Delay": 1, "MaxAttempts": 20}

iam = boto3.client("iam")
ACCOUNT = boto3.client("sts").get_caller_identity()["Account"]


def equal(actual, expected):
    assert actual == expected, f"{actual!r} is not {expected!r}"


def refused(code, call, **members):
    try:
        call(**members)
    except ClientError as error:
        equal(error.response["Error"]["Code"], code)
    else:
        raise AssertionError(f"not refused with {code}")


def policy(*statements):
    return json.dumps({"Version": "2012-10-17", "Statement": list(statements)})


def allow(action, resource="*"):
    return {"Effect": "Allow", "Action": action, "Resource": resource}


def signed_by(key, service):
    return boto3.client(
        service,
        aws_access_key_id=key["AccessKeyId"],
        aws_secret_access_key=key["SecretAccessKey"],
        aws_session_token=key.get("SessionToken"),
    )


# A user may do nothing until a policy says so, and what it says counts at once.
iam.create_user(UserName="anna", Path="/shop/")
iam.get_waiter("user_exists").wait(UserName="anna", WaiterConfig=SOON)
key = iam.create_access_key(UserName="anna")["AccessKey"]
equal(signed_by(key, "sts").get_caller_identity()["Arn"], f"arn:aws:iam::{ACCOUNT}:user/shop/anna")
equal(signed_by(key, "iam").meta.region_name, "eu-central-1")
kinesis = signed_by(key, "kinesis")
refused("AccessDeniedException", kinesis.list_streams)
iam.create_group(GroupName="readers")
iam.put_group_policy(GroupName="readers", PolicyName="list", PolicyDocument=policy(allow("kinesis:List*")))
iam.add_user_to_group(GroupName="readers", UserName="anna")
equal(kinesis.list_streams()["StreamNames"], [])
refused("AccessDeniedException", kinesis.create_stream, StreamName="orders", ShardCount=1)
refused("AccessDenied", signed_by(key, "iam").list_users)

# A managed policy counts in its default version.
arn = iam.create_policy(PolicyName="make", PolicyDocument=policy(allow("kinesis:DescribeStream")))["Policy"]["Arn"]
iam.attach_user_policy(UserName="anna", PolicyArn=arn)
refused("AccessDeniedException", kinesis.create_stream, StreamName="orders", ShardCount=1)
iam.create_policy_version(
    PolicyArn=arn, PolicyDocument=policy(allow(["kinesis:Create*", "kinesis:Delete*"])), SetAsDefault=True
)
kinesis.create_stream(StreamName="orders", ShardCount=1)

# A role is assumed by whom its trust policy names, with its permissions.
trust = {"Effect": "Allow", "Principal": {"AWS": f"arn:aws:iam::{ACCOUNT}:root"}, "Action": "sts:AssumeRole"}
iam.create_role(RoleName="lister", AssumeRolePolicyDocument=policy(trust))
iam.get_waiter("role_exists").wait(RoleName="lister", WaiterConfig=SOON)
equal(iam.get_role(RoleName="lister")["Role"]["AssumeRolePolicyDocument"]["Statement"], [trust])
iam.attach_role_policy(RoleName="lister", PolicyArn="arn:aws:iam::aws:policy/AmazonKinesisReadOnlyAccess")
role = f"arn:aws:iam::{ACCOUNT}:role/lister"
sts = signed_by(key, "sts")
refused("AccessDenied", sts.assume_role, RoleArn=role, RoleSessionName="tool")
iam.put_user_policy(UserName="anna", PolicyName="assume", PolicyDocument=policy(allow("sts:AssumeRole", role)))
session = sts.assume_role(RoleArn=role, RoleSessionName="tool")["Credentials"]
equal(signed_by(session, "kinesis").list_streams()["StreamNames"], ["orders"])
refused("AccessDeniedException", signed_by(session, "kinesis").delete_stream, StreamName="orders")

# Lists come in pages, by the paginators.
for name in ["carl", "bob"]:
    iam.create_user(UserName=name)
pages = iam.get_paginator("list_users").paginate(PaginationConfig={"PageSize": 1})
equal([user["UserName"] for page in pages for user in page["Users"]], ["anna", "bob", "carl"])
decided = iam.simulate_principal_policy(
    PolicySourceArn=f"arn:aws:iam::{ACCOUNT}:user/shop/anna", ActionNames=["kinesis:ListStreams", "kms:Decrypt"]
)["EvaluationResults"]
equal([result["EvalDecision"] for result in decided], ["allowed", "implicitDeny"])

# What goes, goes at once: a policy, a role with its sessions, a key.
iam.detach_user_policy(UserName="anna", PolicyArn=arn)
refused("AccessDeniedException", kinesis.delete_stream, StreamName="orders")
refused("DeleteConflict", iam.delete_role, RoleName="lister")
iam.detach_role_policy(
    RoleName="lister", PolicyArn="arn:aws:iam::aws:policy/AmazonKinesisReadOnlyAccess"
)
iam.delete_role(RoleName="lister")
refused("UnrecognizedClientException", signed_by(session, "kinesis").list_streams)
iam.delete_access_key(UserName="anna", AccessKeyId=key["AccessKeyId"])
refused("UnrecognizedClientException", kinesis.list_streams)
refused("NoSuchEntity", iam.get_user, UserName="nobody")

print("all went as on AWS")
