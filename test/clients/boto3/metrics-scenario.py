"""Puts metrics as libraries and the KPL do, in each protocol that this botocore speaks, and looks at them."""

import datetime
import os

import boto3
import botocore.loaders
import botocore.session
from botocore.exceptions import ClientError


class OneProtocol(botocore.loaders.Loader):
    """The model of CloudWatch as botocore brings it, as if it had one protocol only: older ones had Query."""

    protocol = None

    def load_service_model(self, service_name, type_name, api_version=None):
        model = super().load_service_model(service_name, type_name, api_version)
        if service_name == "cloudwatch" and type_name == "service-2" and self.protocol:
            metadata = {**model["metadata"], "protocol": self.protocol, "protocols": [self.protocol]}
            if self.protocol == "query":
                metadata.pop("awsQueryCompatible", None)
            model = {**model, "metadata": metadata}
        return model


def client_of(protocol):
    core = botocore.session.Session()
    loader = OneProtocol(extra_search_paths=[os.path.join(os.path.dirname(botocore.__file__), "data")])
    loader.protocol = protocol
    core.register_component("data_loader", loader)
    return boto3.Session(botocore_session=core).client("cloudwatch")


def equal(found, expected):
    if found != expected:
        raise AssertionError(f"{found!r} is not {expected!r}")


def code_of(call):
    try:
        call()
    except ClientError as error:
        return error.response["Error"]["Code"]
    raise AssertionError("that was accepted")


now = datetime.datetime.now(datetime.timezone.utc)
hour = datetime.timedelta(hours=1)
dimensions = [{"Name": "Operation", "Value": "ProcessTask"}, {"Name": "ShardId", "Value": "shardId-000000000000"}]


def play(protocol):
    cloudwatch = client_of(protocol)
    namespace = f"app/{protocol or 'as-it-comes'}"
    data = [
        {"MetricName": "Time", "Dimensions": dimensions, "Unit": "Milliseconds", "Timestamp": now,
         "StatisticValues": {"SampleCount": 2, "Sum": 30, "Minimum": 10, "Maximum": 20}},
        {"MetricName": "Time", "Dimensions": dimensions, "Unit": "Milliseconds", "Timestamp": now, "Value": 60},
        {"MetricName": "Records", "Unit": "Count", "Timestamp": now, "Values": [1, 2, 3], "Counts": [1, 1, 2]},
    ]
    cloudwatch.put_metric_data(Namespace=namespace, MetricData=data)
    many = [{"MetricName": f"metric-{number}", "Value": number, "Dimensions": dimensions} for number in range(600)]
    cloudwatch.put_metric_data(Namespace=namespace, MetricData=many)
    pages = list(cloudwatch.get_paginator("list_metrics").paginate(Namespace=namespace))
    equal(len(pages), 2)
    equal(sum(len(page["Metrics"]) for page in pages), 602)

    statistics = cloudwatch.get_metric_statistics(
        Namespace=namespace, MetricName="Time", Dimensions=dimensions, StartTime=now - hour, EndTime=now + hour,
        Period=60, Statistics=["Average", "Sum", "Minimum", "Maximum", "SampleCount"])
    [point] = statistics["Datapoints"]
    equal(point.pop("Timestamp"), now.replace(second=0, microsecond=0))
    equal(point, {"SampleCount": 3.0, "Average": 30.0, "Sum": 90.0, "Minimum": 10.0, "Maximum": 60.0, "Unit": "Milliseconds"})

    query = {"Id": "records", "MetricStat": {"Metric": {"Namespace": namespace, "MetricName": "Records"}, "Period": 60, "Stat": "p75"}}
    [result] = cloudwatch.get_metric_data(MetricDataQueries=[query], StartTime=now - hour, EndTime=now + hour)["MetricDataResults"]
    equal([result["Label"], result["Values"], result["StatusCode"]], ["Records", [3.0], "Complete"])

    def put(**changes):
        return lambda: cloudwatch.put_metric_data(**{"Namespace": namespace, "MetricData": [{"MetricName": "a", "Value": 1}], **changes})

    equal(code_of(put(Namespace="AWS/Kinesis")), "InvalidParameterValue")
    equal(code_of(put(MetricData=[{"MetricName": "a"}])), "MissingParameter")
    equal(code_of(put(MetricData=[{"MetricName": "a", "Value": 1, "Values": [1]}])), "InvalidParameterCombination")
    try:
        put(Namespace="AWS/Kinesis")()
    except cloudwatch.exceptions.InvalidParameterValueException as error:
        equal(error.response["Error"]["Message"], "The value AWS/ for parameter Namespace is invalid.")


session = boto3.client("cloudwatch")
spoken = session.meta.service_model.metadata.get("protocols", [])
for each in [None, *(one for one in ("smithy-rpc-v2-cbor", "json", "query") if one in spoken)]:
    play(each)
print("all went as on AWS")
