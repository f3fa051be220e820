"""Runs a program whose boto3 is older than AWS_ENDPOINT_URL: hands that to every client and resource."""

import os
import runpy
import sys

import boto3


def pointed(make):
    def make_pointed(self, service, **more):
        return make(self, service, **{"endpoint_url": os.environ["AWS_ENDPOINT_URL"], **more})

    return make_pointed


boto3.Session.client = pointed(boto3.Session.client)
boto3.Session.resource = pointed(boto3.Session.resource)
runpy.run_path(sys.argv[1], run_name="__main__")
