"""Users, roles, policies and keys, as boto3 calls them. The environment says where the server is, and who its administrator."""

import json
import time

import boto3
from botocore.exceptions import ClientError

administrator = boto3.Session()
region = administrator.region_name
SOON = {"Delay": 0.05, "MaxAttempts": 200}
kinesis, iam, sts, kms = (administrator.client(name) for name in ("kinesis", "iam", "sts", "kms"))


def policy(effect, actions, resources="*", **rest):
    statement = {"Effect": effect, "Action": actions, "Resource": resources, **rest}
    return json.dumps({"Version": "2012-10-17", "Statement": [statement]})


def refused(code, call, *texts, **parameters):
    try:
        call(**parameters)
    except ClientError as error:
        assert error.response["Error"]["Code"] == code, error
        for text in texts:
            assert text in str(error), error
        return
    raise AssertionError(f"{code} was expected")


def as_user(key, service, token=None):
    return boto3.client(
        service,
        aws_access_key_id=key["AccessKeyId"],
        aws_secret_access_key=key["SecretAccessKey"],
        aws_session_token=token,
        region_name=region,
    )


account = sts.get_caller_identity()["Account"]
for name in ("orders", "payroll"):
    kinesis.create_stream(StreamName=name, ShardCount=1)
    kinesis.get_waiter("stream_exists").wait(StreamName=name, WaiterConfig=SOON)
orders = kinesis.describe_stream_summary(StreamName="orders")["StreamDescriptionSummary"]["StreamARN"]
record = {"PartitionKey": "customer", "Data": b"two lamps"}

# A user may do nothing until a policy says so, and then that and nothing else.
iam.create_user(UserName="anna")
key = iam.create_access_key(UserName="anna")["AccessKey"]
anna = as_user(key, "kinesis")
who = as_user(key, "sts").get_caller_identity()
assert who["Arn"] == f"arn:aws:iam::{account}:user/anna", who
denied = f"User: {who['Arn']} is not authorized to perform: kinesis:PutRecord on resource: {orders} because no identity-based policy allows"
refused("AccessDeniedException", anna.put_record, denied, StreamName="orders", **record)
iam.put_user_policy(UserName="anna", PolicyName="orders", PolicyDocument=policy("Allow", "kinesis:PutRecord", orders))
anna.put_record(StreamName="orders", **record)
refused("AccessDeniedException", anna.put_record, StreamName="payroll", **record)
refused("AccessDeniedException", anna.put_records, StreamName="orders", Records=[record])
statement = json.loads(policy("Deny", "kinesis:PutRecord", orders, Principal={"AWS": who["Arn"]}))
kinesis.put_resource_policy(ResourceARN=orders, Policy=json.dumps(statement))
refused("AccessDeniedException", anna.put_record, "explicit deny in a resource-based policy", StreamName="orders", **record)
kinesis.delete_resource_policy(ResourceARN=orders)
anna.put_record(StreamName="orders", **record)

# A role lends its permissions to whom it trusts, for a while.
trust = {"Effect": "Allow", "Action": "sts:AssumeRole", "Principal": {"AWS": who["Arn"]}}
role = iam.create_role(
    RoleName="reader",
    AssumeRolePolicyDocument=json.dumps({"Version": "2012-10-17", "Statement": [trust]}),
)["Role"]
reading = ["kinesis:GetShardIterator", "kinesis:GetRecords", "kinesis:DescribeStreamSummary"]
managed = iam.create_policy(PolicyName="reading", PolicyDocument=policy("Allow", reading, orders))["Policy"]
iam.attach_role_policy(RoleName="reader", PolicyArn=managed["Arn"])
session = as_user(key, "sts").assume_role(RoleArn=role["Arn"], RoleSessionName="night")
lent = session["Credentials"]
reader = as_user(lent, "kinesis", lent["SessionToken"])
whole = as_user(lent, "sts", lent["SessionToken"]).get_caller_identity()
assert whole["Arn"] == f"arn:aws:sts::{account}:assumed-role/reader/night", whole
refused("AccessDeniedException", reader.put_record, "assumed-role/reader/night", StreamName="orders", **record)
refused("UnrecognizedClientException", as_user(lent, "kinesis").list_streams)
start = {"ShardId": "shardId-000000000000", "ShardIteratorType": "TRIM_HORIZON"}


def read(client):
    iterator = client.get_shard_iterator(StreamName="orders", **start)["ShardIterator"]
    return client.get_records(ShardIterator=iterator)["Records"]


assert [each["Data"] for each in read(reader)] == [b"two lamps"] * 2

# Records are encrypted with a key; without the key nobody puts or reads, and with it everybody does again.
master = kms.create_key(Description="orders")["KeyMetadata"]
kms.create_alias(AliasName="alias/orders", TargetKeyId=master["KeyId"])
kinesis.start_stream_encryption(StreamName="orders", EncryptionType="KMS", KeyId="alias/orders")
kinesis.get_waiter("stream_exists").wait(StreamName="orders", WaiterConfig=SOON)
assert kinesis.put_record(StreamName="orders", **record)["EncryptionType"] == "KMS"
refused("KMSAccessDeniedException", anna.put_record, StreamName="orders", **record)
use = policy("Allow", ["kms:GenerateDataKey", "kms:Decrypt"], master["Arn"])
iam.put_user_policy(UserName="anna", PolicyName="key", PolicyDocument=use)
anna.put_record(StreamName="orders", **record)
iam.put_role_policy(RoleName="reader", PolicyName="key", PolicyDocument=use)
assert [each.get("EncryptionType") for each in read(reader)] == [None, None, "KMS", "KMS"]
kms.disable_key(KeyId=master["KeyId"])
refused("KMSDisabledException", kinesis.put_record, StreamName="orders", **record)
refused("KMSDisabledException", read, client=kinesis)
kms.enable_key(KeyId=master["KeyId"])
kinesis.put_record(StreamName="orders", **record)
assert len(read(kinesis)) == 5

# KMS by itself.
context = {"department": "lamps"}
sealed = kms.encrypt(KeyId="alias/orders", Plaintext=b"a secret", EncryptionContext=context)["CiphertextBlob"]
opened = kms.decrypt(CiphertextBlob=sealed, EncryptionContext=context)
assert (opened["Plaintext"], opened["KeyId"]) == (b"a secret", master["Arn"]), opened
refused("InvalidCiphertextException", kms.decrypt, CiphertextBlob=sealed)

# A revoked key is of no use at once, and a stack is taken away in its order.
iam.update_access_key(UserName="anna", AccessKeyId=key["AccessKeyId"], Status="Inactive")
refused("UnrecognizedClientException", anna.put_record, StreamName="orders", **record)
refused("DeleteConflict", iam.delete_role, RoleName="reader")
iam.detach_role_policy(RoleName="reader", PolicyArn=managed["Arn"])
iam.delete_role_policy(RoleName="reader", PolicyName="key")
iam.delete_role(RoleName="reader")
refused("UnrecognizedClientException", reader.list_streams)
iam.delete_policy(PolicyArn=managed["Arn"])
print("all went as on AWS")
