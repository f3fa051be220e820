// A worker of a group that says what it hears, in the lines of heard.ts, until it is asked to end.
// The first word is `polling` or `fanout`, the second the stream's name, the third the worker's.
package main

import (
	"fmt"
	"os"
	"os/signal"
	"syscall"
	"time"

	"github.com/sirupsen/logrus"
	"github.com/vmware/vmware-go-kcl-v2/clientlibrary/config"
	kcl "github.com/vmware/vmware-go-kcl-v2/clientlibrary/interfaces"
	"github.com/vmware/vmware-go-kcl-v2/clientlibrary/worker"
	"github.com/vmware/vmware-go-kcl-v2/logger"
)

func main() {
	kind, stream, name := os.Args[1], os.Args[2], os.Args[3]
	// The name of the application is that of its table, which it makes.
	settings := config.NewKinesisClientLibConfig("shop", stream, os.Getenv("AWS_REGION"), name).
		WithInitialPositionInStream(config.TRIM_HORIZON).
		WithShardSyncIntervalMillis(300).
		WithFailoverTimeMillis(4000).
		WithLeaseRefreshPeriodMillis(2000).
		WithIdleTimeBetweenReadsInMillis(100).
		WithMaxLeasesForWorker(4).
		WithLeaseStealing(true).
		WithLeaseStealingIntervalMillis(1000).
		WithLeaseSyncingIntervalMillis(1000).
		WithLogger(logger.NewLogrusLogger(quiet()))
	if kind == "fanout" {
		settings = settings.WithEnhancedFanOutConsumerName("shop")
	}
	consumer := worker.NewWorker(factory{}, settings)
	if err := consumer.Start(); err != nil {
		panic(err)
	}
	asked := make(chan os.Signal, 1)
	signal.Notify(asked, syscall.SIGTERM)
	<-asked
	consumer.Shutdown()
}

func quiet() *logrus.Logger {
	log := logrus.New()
	log.SetLevel(logrus.WarnLevel)
	return log
}

type factory struct{}

func (factory) CreateProcessor() kcl.IRecordProcessor {
	return &processor{}
}

type processor struct {
	shard string
}

func (p *processor) Initialize(input *kcl.InitializationInput) {
	p.shard = input.ShardId
	fmt.Println("heard begin", now(), p.shard)
}

func (p *processor) ProcessRecords(input *kcl.ProcessRecordsInput) {
	for _, record := range input.Records {
		fmt.Println("heard record", now(), p.shard, *record.SequenceNumber, string(record.Data))
	}
	if last := len(input.Records) - 1; last >= 0 {
		checkpoint(input.Checkpointer, input.Records[last].SequenceNumber)
	}
}

// The end of a shard is a checkpoint of nothing: without it, its children never begin.
func (p *processor) Shutdown(input *kcl.ShutdownInput) {
	if input.ShutdownReason != kcl.TERMINATE {
		fmt.Println("heard leave", now(), p.shard)
		return
	}
	fmt.Println("heard end", now(), p.shard)
	checkpoint(input.Checkpointer, nil)
}

func checkpoint(checkpointer kcl.IRecordProcessorCheckpointer, sequenceNumber *string) {
	if err := checkpointer.Checkpoint(sequenceNumber); err != nil {
		fmt.Fprintln(os.Stderr, "checkpoint:", err)
	}
}

func now() int64 {
	return time.Now().UnixMilli()
}
