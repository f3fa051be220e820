// A consumer of one stream that says what it hears, in the lines of heard.ts, until it is asked to end. The
// first word is `all`, for a consumer of all shards, or `group`, for a member of a group that shares them by
// leases; the second the stream's name, the third the member's.
package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/signal"
	"sync"
	"syscall"
	"time"

	"github.com/aws/aws-sdk-go-v2/config"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/kinesis"
	consumer "github.com/harlow/kinesis-consumer"
	leases "github.com/harlow/kinesis-consumer/group/consumergroup/ddb"
	checkpoints "github.com/harlow/kinesis-consumer/store/ddb"
)

func main() {
	kind, stream, member := os.Args[1], os.Args[2], os.Args[3]
	ctx, stop := signal.NotifyContext(context.Background(), syscall.SIGTERM)
	defer stop()
	// Endpoint, region and credentials are the environment's.
	settings := must(config.LoadDefaultConfig(ctx))
	tables, streams := dynamodb.NewFromConfig(settings), kinesis.NewFromConfig(settings)
	// It retries by itself what was refused for being too much, and for nothing else.
	store := must(checkpoints.New("shop", "checkpoints", checkpoints.WithDynamoClient(tables),
		checkpoints.WithMaxInterval(time.Second)))
	options := []consumer.Option{
		consumer.WithClient(streams),
		consumer.WithStore(store),
		consumer.WithShardIteratorType("TRIM_HORIZON"),
		consumer.WithScanInterval(50 * time.Millisecond),
	}
	if kind == "group" {
		options = append(options, consumer.WithGroup(must(leases.NewGroup(leases.GroupConfig{
			GroupName: "shop", StreamName: stream, WorkerID: member, KinesisClient: streams,
			Repository:      leases.Config{Client: tables, TableName: "leases"},
			CheckpointStore: store,
			LeaseDuration:   2 * time.Second, RenewInterval: 500 * time.Millisecond, AssignInterval: 500 * time.Millisecond,
		}))))
	}
	said := words{begun: map[string]bool{}}
	options = append(options, consumer.WithShardClosedHandler(func(_, shard string) error {
		said.end(shard)
		return nil
	}))
	err := must(consumer.New(stream, options...)).Scan(ctx, func(record *consumer.Record) error {
		said.record(record)
		return nil
	})
	if err != nil && !errors.Is(err, context.Canceled) {
		panic(err)
	}
	if err := store.Shutdown(); err != nil {
		panic(err)
	}
}

// What it says, in the lines of heard.ts. Shards are read at once, each in a routine of its own.
type words struct {
	lock  sync.Mutex
	begun map[string]bool
}

func (w *words) record(record *consumer.Record) {
	w.lock.Lock()
	defer w.lock.Unlock()
	w.begin(record.ShardID)
	fmt.Println("heard record", now(), record.ShardID, *record.SequenceNumber, string(record.Data))
}

func (w *words) end(shard string) {
	w.lock.Lock()
	defer w.lock.Unlock()
	w.begin(shard)
	fmt.Println("heard end", now(), shard)
}

// It is told of no beginning: that is a shard's first record, or its end.
func (w *words) begin(shard string) {
	if !w.begun[shard] {
		fmt.Println("heard begin", now(), shard)
		w.begun[shard] = true
	}
}

func now() int64 {
	return time.Now().UnixMilli()
}

func must[Value any](value Value, err error) Value {
	if err != nil {
		panic(err)
	}
	return value
}
