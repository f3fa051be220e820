"""
A record processor for the MultiLangDaemon, in Python, that says what it hears: on stderr, since stdout is
the daemon's.
"""

import sys
import time

from amazon_kclpy import kcl
from amazon_kclpy.v3 import processor


class Processor(processor.RecordProcessorBase):
    def initialize(self, initialize_input):
        self.shard = initialize_input.shard_id
        self.say("begin")

    def process_records(self, process_records_input):
        for record in process_records_input.records:
            self.say("record", f"{record.sequence_number} {record.binary_data.decode()}")
        process_records_input.checkpointer.checkpoint()

    def lease_lost(self, lease_lost_input):
        self.say("leave")

    def shard_ended(self, shard_ended_input):
        self.say("end")
        shard_ended_input.checkpointer.checkpoint()

    def shutdown_requested(self, shutdown_requested_input):
        shutdown_requested_input.checkpointer.checkpoint()
        self.say("leave")

    def say(self, what, more=""):
        now = int(time.time() * 1000)
        print(f"heard {what} {now} {self.shard} {more}", file=sys.stderr, flush=True)


kcl.KCLProcess(Processor()).run()
