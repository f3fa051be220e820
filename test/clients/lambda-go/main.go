// A function that processes records of a stream, with the official library.
package main

import (
	"context"
	"fmt"

	"github.com/aws/aws-lambda-go/events"
	"github.com/aws/aws-lambda-go/lambda"
)

func handle(ctx context.Context, event events.KinesisEvent) (events.KinesisEventResponse, error) {
	var response events.KinesisEventResponse
	for _, record := range event.Records {
		data := string(record.Kinesis.Data)
		if data == "poison" {
			failure := events.KinesisBatchItemFailure{ItemIdentifier: record.Kinesis.SequenceNumber}
			response.BatchItemFailures = append(response.BatchItemFailures, failure)
			continue
		}
		fmt.Printf("processed %s\n", data)
	}
	return response, nil
}

func main() {
	lambda.Start(handle)
}
