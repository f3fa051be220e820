package main

import (
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/kinesis"
	"github.com/aws/aws-sdk-go-v2/service/kinesis/types"
)

func (s scenario) read() {
	latest := s.iterator(kinesis.GetShardIteratorInput{ShardIteratorType: types.ShardIteratorTypeLatest})
	all := s.readFrom(kinesis.GetShardIteratorInput{ShardIteratorType: types.ShardIteratorTypeTrimHorizon})
	equal(words(all.Records), "one two three")
	second := all.Records[1].SequenceNumber
	equal(words(s.readFrom(kinesis.GetShardIteratorInput{
		ShardIteratorType: types.ShardIteratorTypeAtSequenceNumber, StartingSequenceNumber: second,
	}).Records), "two three")
	equal(words(s.readFrom(kinesis.GetShardIteratorInput{
		ShardIteratorType: types.ShardIteratorTypeAfterSequenceNumber, StartingSequenceNumber: second,
	}).Records), "three")
	equal(words(s.readFrom(kinesis.GetShardIteratorInput{
		ShardIteratorType: types.ShardIteratorTypeAtTimestamp,
		Timestamp:         all.Records[0].ApproximateArrivalTimestamp,
	}).Records), "one two three")
	s.putOne("four", "0")
	tip := s.records(latest)
	equal(words(tip.Records), "four")
	equal(*tip.MillisBehindLatest, 0)
}

func (s scenario) readFrom(start kinesis.GetShardIteratorInput) *kinesis.GetRecordsOutput {
	return s.records(s.iterator(start))
}

func (s scenario) iterator(start kinesis.GetShardIteratorInput) *string {
	start.StreamName, start.ShardId = aws.String(stream), aws.String(first)
	return must(s.kinesis.GetShardIterator(s.ctx, &start)).ShardIterator
}

func (s scenario) records(iterator *string) *kinesis.GetRecordsOutput {
	return must(s.kinesis.GetRecords(s.ctx, &kinesis.GetRecordsInput{ShardIterator: iterator}))
}

func words(records []types.Record) string {
	found := []string{}
	for _, record := range records {
		found = append(found, string(record.Data))
	}
	return strings.Join(found, " ")
}
