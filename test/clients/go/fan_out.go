package main

import (
	"errors"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/kinesis"
	"github.com/aws/aws-sdk-go-v2/service/kinesis/types"
)

func (s scenario) fanOut() {
	consumer := s.registerConsumer()
	s.readClosedShard(consumer)
	s.readAsItComes(consumer)
}

func (s scenario) registerConsumer() *string {
	registered := must(s.kinesis.RegisterStreamConsumer(s.ctx, &kinesis.RegisterStreamConsumerInput{
		StreamARN: s.summary().StreamARN, ConsumerName: aws.String("reader"),
	}))
	arn := registered.Consumer.ConsumerARN
	for {
		described := must(s.kinesis.DescribeStreamConsumer(s.ctx, &kinesis.DescribeStreamConsumerInput{
			ConsumerARN: arn,
		}))
		if described.ConsumerDescription.ConsumerStatus == types.ConsumerStatusActive {
			return arn
		}
		time.Sleep(100 * time.Millisecond)
	}
}

// All that is there, then the children, then the end.
func (s scenario) readClosedShard(consumer *string) {
	events := s.subscribe(consumer, first, types.ShardIteratorTypeTrimHorizon)
	records := []types.Record{}
	var last types.SubscribeToShardEvent
	for event := range events.Events() {
		last = event.(*types.SubscribeToShardEventStreamMemberSubscribeToShardEvent).Value
		records = append(records, last.Records...)
	}
	check(events.Err())
	equal(words(records), "one two three four")
	equal(children(last.ChildShards), "2 3")
	equal(last.ContinuationSequenceNumber, nil)
}

// Records as they are put; then the consumer is taken away, which the stream says before it ends.
func (s scenario) readAsItComes(consumer *string) {
	const open = "shardId-000000000004"
	events := s.subscribe(consumer, open, types.ShardIteratorTypeLatest)
	equal(*s.putOne("five", "0").ShardId, open)
	event := (<-events.Events()).(*types.SubscribeToShardEventStreamMemberSubscribeToShardEvent).Value
	equal(words(event.Records), "five")
	equal(*event.ContinuationSequenceNumber, *event.Records[0].SequenceNumber)

	var inUse *types.ResourceInUseException
	_, err := s.kinesis.SubscribeToShard(s.ctx, subscription(consumer, open, types.ShardIteratorTypeLatest))
	equal(errors.As(err, &inUse), true)

	must(s.kinesis.DeregisterStreamConsumer(s.ctx, &kinesis.DeregisterStreamConsumerInput{ConsumerARN: consumer}))
	for range events.Events() {
	}
	var missing *types.ResourceNotFoundException
	equal(errors.As(events.Err(), &missing), true)
}

func (s scenario) subscribe(
	consumer *string, shard string, start types.ShardIteratorType,
) *kinesis.SubscribeToShardEventStream {
	return must(s.kinesis.SubscribeToShard(s.ctx, subscription(consumer, shard, start))).GetStream()
}

func subscription(
	consumer *string, shard string, start types.ShardIteratorType,
) *kinesis.SubscribeToShardInput {
	return &kinesis.SubscribeToShardInput{
		ConsumerARN: consumer, ShardId: aws.String(shard),
		StartingPosition: &types.StartingPosition{Type: start},
	}
}
