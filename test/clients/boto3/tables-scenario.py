"""What a Python program does with a table of DynamoDB, through boto3.

Ends with 0 and a last word when all went as on AWS.
"""

from decimal import Decimal

import boto3
from boto3.dynamodb.conditions import Attr, Key
from botocore.exceptions import ClientError

TABLE = "leases"
INDEX = "by-owner"
SOON = {"Delay": 1, "MaxAttempts": 600}

dynamodb = boto3.client("dynamodb")
# Of the resource's own kind of interface: Python's values instead of the wire's.
table = boto3.resource("dynamodb").Table(TABLE)


def equal(actual, expected):
    assert actual == expected, f"{actual!r} is not {expected!r}"


def refused(code, call, **request):
    try:
        call(**request)
    except ClientError as error:
        equal(error.response["Error"]["Code"], code)
        return error.response
    raise AssertionError(f"{code} was expected")


def create():
    created = dynamodb.create_table(
        TableName=TABLE,
        BillingMode="PAY_PER_REQUEST",
        AttributeDefinitions=[
            {"AttributeName": name, "AttributeType": kind}
            for name, kind in (("stream", "S"), ("shard", "N"), ("owner", "S"))
        ],
        KeySchema=[
            {"AttributeName": "stream", "KeyType": "HASH"},
            {"AttributeName": "shard", "KeyType": "RANGE"},
        ],
        GlobalSecondaryIndexes=[
            {
                "IndexName": INDEX,
                "KeySchema": [{"AttributeName": "owner", "KeyType": "HASH"}],
                "Projection": {"ProjectionType": "KEYS_ONLY"},
            }
        ],
        Tags=[{"Key": "team", "Value": "shop"}],
    )
    equal(created["TableDescription"]["TableStatus"], "CREATING")
    dynamodb.get_waiter("table_exists").wait(TableName=TABLE, WaiterConfig=SOON)
    equal(dynamodb.list_tables()["TableNames"], [TABLE])
    described = dynamodb.describe_table(TableName=TABLE)["Table"]
    equal(described["BillingModeSummary"]["BillingMode"], "PAY_PER_REQUEST")
    tags = dynamodb.list_tags_of_resource(ResourceArn=described["TableArn"])["Tags"]
    equal(tags, [{"Key": "team", "Value": "shop"}])
    refused(
        "ResourceInUseException",
        dynamodb.create_table,
        TableName=TABLE,
        BillingMode="PAY_PER_REQUEST",
        AttributeDefinitions=[{"AttributeName": "a", "AttributeType": "S"}],
        KeySchema=[{"AttributeName": "a", "KeyType": "HASH"}],
    )


def key(shard):
    return {"stream": "orders", "shard": shard}


def take_and_lose_a_lease():
    """A lease is one worker's at a time, by conditions."""
    free = Attr("stream").not_exists()
    table.put_item(Item={**key(0), "owner": "one", "counter": 1}, ConditionExpression=free)
    refused("ConditionalCheckFailedException", table.put_item, Item=key(0), ConditionExpression=free)
    renewed = table.update_item(
        Key=key(0),
        UpdateExpression="SET #c = #c + :one, checkpoint = :at REMOVE gone",
        ConditionExpression="#o = :owner AND #c = :counter",
        ExpressionAttributeNames={"#c": "counter", "#o": "owner"},
        ExpressionAttributeValues={":one": 1, ":at": "TRIM_HORIZON", ":owner": "one", ":counter": 1},
        ReturnValues="ALL_NEW",
    )
    equal(renewed["Attributes"], {**key(0), "owner": "one", "counter": 2, "checkpoint": "TRIM_HORIZON"})
    stolen = Attr("owner").eq("two")
    refused("ConditionalCheckFailedException", table.delete_item, Key=key(0), ConditionExpression=stolen)
    found = table.get_item(Key=key(0), ConsistentRead=True, ProjectionExpression="checkpoint")
    equal(found["Item"], {"checkpoint": "TRIM_HORIZON"})
    reserved = {"UpdateExpression": "SET owner = :o", "ExpressionAttributeValues": {":o": "one"}}
    refused("ValidationException", table.update_item, Key=key(0), **reserved)


def keep_all_kinds_of_values():
    item = {
        "stream": "kinds",
        "shard": Decimal("-1.5e3"),
        "text": "drei – 三",
        "bytes": b"\x00\xff",
        "yes": True,
        "nothing": None,
        "list": [1, "a", {"deep": {"er": [Decimal("1E-20")]}}],
        "numbers": {1, Decimal("2.5")},
        "words": {"a", "b"},
        "big": Decimal("12345678901234567890123456789012345678"),
    }
    table.put_item(Item=item)
    found = table.get_item(Key={"stream": "kinds", "shard": Decimal(-1500)})["Item"]
    equal({**found, "bytes": found["bytes"].value}, item)
    table.delete_item(Key={"stream": "kinds", "shard": -1500})


def page_through_many():
    with table.batch_writer() as batch:
        for shard in range(1, 100):
            batch.put_item(Item={**key(shard), "owner": f"worker-{shard % 3}", "text": "x" * 100})
    pages = dynamodb.get_paginator("query").paginate(
        TableName=TABLE,
        KeyConditionExpression="#stream = :s AND #shard BETWEEN :from AND :to",
        ExpressionAttributeNames={"#stream": "stream", "#shard": "shard"},
        ExpressionAttributeValues={":s": {"S": "orders"}, ":from": {"N": "10"}, ":to": {"N": "89"}},
        ScanIndexForward=False,
        PaginationConfig={"PageSize": 7},
    )
    found = [int(item["shard"]["N"]) for page in pages for item in page["Items"]]
    equal(found, list(range(89, 9, -1)))
    mine = table.query(IndexName=INDEX, KeyConditionExpression=Key("owner").eq("worker-1"))
    equal(sorted(int(item["shard"]) for item in mine["Items"]), list(range(1, 100, 3)))
    parts = [
        table.scan(Segment=segment, TotalSegments=4, FilterExpression=Attr("owner").begins_with("worker"))
        for segment in range(4)
    ]
    equal(sum(part["Count"] for part in parts), 99)
    equal(sum(part["ScannedCount"] for part in parts), 100)


def change_several_at_once():
    def put(shard, **more):
        item = {"stream": {"S": "orders"}, "shard": {"N": str(shard)}}
        return {"Put": {"TableName": TABLE, "Item": item, **more}}

    free = {"ConditionExpression": "attribute_not_exists(#s)", "ExpressionAttributeNames": {"#s": "stream"}}
    dynamodb.transact_write_items(TransactItems=[put(200, **free), put(201, **free)])
    items = [put(202, **free), put(200, **free)]
    canceled = refused("TransactionCanceledException", dynamodb.transact_write_items, TransactItems=items)
    equal([reason["Code"] for reason in canceled["CancellationReasons"]], ["None", "ConditionalCheckFailed"])
    keys = [{"stream": {"S": "orders"}, "shard": {"N": shard}} for shard in ("200", "201", "202")]
    got = dynamodb.batch_get_item(RequestItems={TABLE: {"Keys": keys}})["Responses"][TABLE]
    equal(sorted(item["shard"]["N"] for item in got), ["200", "201"])


def set_what_is_about_the_table():
    setting = {"Enabled": True, "AttributeName": "ttl"}
    dynamodb.update_time_to_live(TableName=TABLE, TimeToLiveSpecification=setting)
    equal(dynamodb.describe_time_to_live(TableName=TABLE)["TimeToLiveDescription"]["AttributeName"], "ttl")


def remove():
    dynamodb.delete_table(TableName=TABLE)
    dynamodb.get_waiter("table_not_exists").wait(TableName=TABLE, WaiterConfig=SOON)
    gone = {"TableName": TABLE, "Key": {"stream": {"S": "a"}}}
    missing = refused("ResourceNotFoundException", dynamodb.get_item, **gone)
    equal(missing["Error"]["Message"], "Requested resource not found")


for step in (
    create,
    take_and_lose_a_lease,
    keep_all_kinds_of_values,
    page_through_many,
    change_several_at_once,
    set_what_is_about_the_table,
    remove,
):
    step()
print("all went as on AWS")
