// The exporter of OpenTelemetry's collector, without the rest of it: sends numbered lines of a log. The first
// word is the stream's name, the second how many.
package main

import (
	"context"
	"os"
	"strconv"

	"github.com/open-telemetry/opentelemetry-collector-contrib/exporter/awskinesisexporter"
	"go.opentelemetry.io/collector/component"
	"go.opentelemetry.io/collector/component/componenttest"
	"go.opentelemetry.io/collector/confmap"
	"go.opentelemetry.io/collector/exporter/exportertest"
	"go.opentelemetry.io/collector/pdata/plog"
)

func main() {
	ctx := context.Background()
	stream, count := os.Args[1], must(strconv.Atoi(os.Args[2]))
	factory := awskinesisexporter.NewFactory()
	exporter := must(factory.CreateLogs(ctx, exportertest.NewNopSettings(factory.Type()), settings(factory.CreateDefaultConfig(), stream)))
	check(exporter.Start(ctx, componenttest.NewNopHost()))
	for number := range count {
		check(exporter.ConsumeLogs(ctx, line(number)))
	}
	// Sends what is queued.
	check(exporter.Shutdown(ctx))
}

// As a collector's configuration file has it. Endpoint and credentials are the environment's.
func settings(config component.Config, stream string) component.Config {
	check(confmap.NewFromStringMap(map[string]any{
		"aws":      map[string]any{"stream_name": stream, "region": os.Getenv("AWS_REGION")},
		"encoding": map[string]any{"name": "otlp_json"},
	}).Unmarshal(config))
	return config
}

func line(number int) plog.Logs {
	logs := plog.NewLogs()
	record := logs.ResourceLogs().AppendEmpty().ScopeLogs().AppendEmpty().LogRecords().AppendEmpty()
	record.Body().SetStr(strconv.Itoa(number))
	return logs
}

func must[Value any](value Value, err error) Value {
	check(err)
	return value
}

func check(err error) {
	if err != nil {
		panic(err)
	}
}
