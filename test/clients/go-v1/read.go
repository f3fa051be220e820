package main

import (
	"math/big"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go/aws"
	"github.com/aws/aws-sdk-go/service/kinesis"
)

func (s scenario) read() {
	latest := s.iterator(kinesis.GetShardIteratorInput{ShardIteratorType: aws.String("LATEST")})
	all := s.readFrom(kinesis.GetShardIteratorInput{ShardIteratorType: aws.String("TRIM_HORIZON")})
	equal(words(all.Records), "one two three")
	second := all.Records[1].SequenceNumber
	equal(words(s.readFrom(kinesis.GetShardIteratorInput{
		ShardIteratorType: aws.String("AT_SEQUENCE_NUMBER"), StartingSequenceNumber: second,
	}).Records), "two three")
	equal(words(s.readFrom(kinesis.GetShardIteratorInput{
		ShardIteratorType: aws.String("AFTER_SEQUENCE_NUMBER"), StartingSequenceNumber: second,
	}).Records), "three")
	equal(words(s.readFrom(kinesis.GetShardIteratorInput{
		ShardIteratorType: aws.String("AT_TIMESTAMP"), Timestamp: all.Records[0].ApproximateArrivalTimestamp,
	}).Records), "one two three")
	s.putOne("four")
	tip := must(s.kinesis.GetRecords(&kinesis.GetRecordsInput{ShardIterator: latest}))
	equal(words(tip.Records), "four")
	equal(*tip.MillisBehindLatest, 0)
}

func (s scenario) readFrom(start kinesis.GetShardIteratorInput) *kinesis.GetRecordsOutput {
	return must(s.kinesis.GetRecords(&kinesis.GetRecordsInput{ShardIterator: s.iterator(start)}))
}

func (s scenario) iterator(start kinesis.GetShardIteratorInput) *string {
	start.StreamName, start.ShardId = aws.String(stream), aws.String(first)
	return must(s.kinesis.GetShardIterator(&start)).ShardIterator
}

func words(records []*kinesis.Record) string {
	found := []string{}
	for _, record := range records {
		found = append(found, string(record.Data))
	}
	return strings.Join(found, " ")
}

// Records that are there, and one that is put meanwhile.
func (s scenario) fanOut() {
	consumer := s.registerConsumer()
	subscription := must(s.kinesis.SubscribeToShard(&kinesis.SubscribeToShardInput{
		ConsumerARN: consumer, ShardId: aws.String(first),
		StartingPosition: &kinesis.StartingPosition{Type: aws.String("TRIM_HORIZON")},
	})).GetStream()
	records := []*kinesis.Record{}
	for event := range subscription.Events() {
		records = append(records, event.(*kinesis.SubscribeToShardEvent).Records...)
		if len(records) == 4 {
			s.putOne("five")
		}
		if len(records) == 5 {
			break
		}
	}
	check(subscription.Close())
	equal(words(records), "one two three four five")
	must(s.kinesis.DeregisterStreamConsumer(&kinesis.DeregisterStreamConsumerInput{ConsumerARN: consumer}))
}

func (s scenario) registerConsumer() *string {
	registered := must(s.kinesis.RegisterStreamConsumer(&kinesis.RegisterStreamConsumerInput{
		StreamARN: s.summary().StreamARN, ConsumerName: aws.String("reader"),
	}))
	arn := registered.Consumer.ConsumerARN
	input := &kinesis.DescribeStreamConsumerInput{ConsumerARN: arn}
	for *must(s.kinesis.DescribeStreamConsumer(input)).ConsumerDescription.ConsumerStatus != "ACTIVE" {
		time.Sleep(100 * time.Millisecond)
	}
	return arn
}

func (s scenario) split() {
	quarter := new(big.Int).Lsh(big.NewInt(1), 126)
	must(s.kinesis.SplitShard(&kinesis.SplitShardInput{
		StreamName: aws.String(stream), ShardToSplit: aws.String(first),
		NewStartingHashKey: aws.String(quarter.String()),
	}))
	s.waitUntilActive()
	parent := s.readFrom(kinesis.GetShardIteratorInput{ShardIteratorType: aws.String("LATEST")})
	equal(parent.NextShardIterator, nil)
	equal(len(parent.ChildShards), 2)
}

func (s scenario) merge() {
	must(s.kinesis.MergeShards(&kinesis.MergeShardsInput{
		StreamName:           aws.String(stream),
		ShardToMerge:         aws.String("shardId-000000000002"),
		AdjacentShardToMerge: aws.String("shardId-000000000003"),
	}))
	s.waitUntilActive()
	open := must(s.kinesis.ListShards(&kinesis.ListShardsInput{
		StreamName: aws.String(stream), ShardFilter: &kinesis.ShardFilter{Type: aws.String("AT_LATEST")},
	})).Shards
	equal(len(open), 2)
	equal(*open[1].ShardId, "shardId-000000000004")
}
