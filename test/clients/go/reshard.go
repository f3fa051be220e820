package main

import (
	"math/big"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/kinesis"
	"github.com/aws/aws-sdk-go-v2/service/kinesis/types"
)

func (s scenario) split() {
	quarter := new(big.Int).Lsh(big.NewInt(1), 126)
	must(s.kinesis.SplitShard(s.ctx, &kinesis.SplitShardInput{
		StreamName: aws.String(stream), ShardToSplit: aws.String(first),
		NewStartingHashKey: aws.String(quarter.String()),
	}))
	s.waitUntilActive()
	parent := s.readFrom(kinesis.GetShardIteratorInput{ShardIteratorType: types.ShardIteratorTypeLatest})
	equal(parent.NextShardIterator, nil)
	equal(children(parent.ChildShards), "2 3")
}

func (s scenario) merge() {
	must(s.kinesis.MergeShards(s.ctx, &kinesis.MergeShardsInput{
		StreamName:           aws.String(stream),
		ShardToMerge:         aws.String("shardId-000000000002"),
		AdjacentShardToMerge: aws.String("shardId-000000000003"),
	}))
	s.waitUntilActive()
	open := []string{}
	query := &kinesis.ListShardsInput{
		StreamName: aws.String(stream), MaxResults: aws.Int32(1),
		ShardFilter: &types.ShardFilter{Type: types.ShardFilterTypeAtLatest},
	}
	for query != nil {
		page := must(s.kinesis.ListShards(s.ctx, query))
		for _, shard := range page.Shards {
			open = append(open, index(shard.ShardId))
		}
		query = nil
		if page.NextToken != nil {
			query = &kinesis.ListShardsInput{NextToken: page.NextToken}
		}
	}
	equal(strings.Join(open, " "), "1 4")
}

func children(shards []types.ChildShard) string {
	found := []string{}
	for _, shard := range shards {
		found = append(found, index(shard.ShardId))
	}
	return strings.Join(found, " ")
}

// An index without its zeros, and never past 9 here.
func index(shardId *string) string {
	return (*shardId)[len(*shardId)-1:]
}
