import java.util.concurrent.TimeUnit;
import software.amazon.awssdk.services.cloudwatch.CloudWatchAsyncClient;
import software.amazon.awssdk.services.dynamodb.DynamoDbAsyncClient;
import software.amazon.awssdk.services.kinesis.KinesisAsyncClient;
import software.amazon.kinesis.common.ConfigsBuilder;
import software.amazon.kinesis.common.InitialPositionInStream;
import software.amazon.kinesis.common.InitialPositionInStreamExtended;
import software.amazon.kinesis.common.KinesisClientUtil;
import software.amazon.kinesis.common.StreamIdentifier;
import software.amazon.kinesis.coordinator.CoordinatorConfig;
import software.amazon.kinesis.coordinator.Scheduler;
import software.amazon.kinesis.leases.LeaseAssignmentStrategy;
import software.amazon.kinesis.leases.LeaseManagementConfig;
import software.amazon.kinesis.metrics.MetricsLevel;
import software.amazon.kinesis.processor.ShardRecordProcessorFactory;
import software.amazon.kinesis.processor.SingleStreamTracker;
import software.amazon.kinesis.retrieval.RetrievalConfig;
import software.amazon.kinesis.retrieval.polling.PollingConfig;

/**
 * One worker of an application, as the KCL's guide has it. Where AWS is, and who the caller is, it takes from
 * the environment. Properties: application, stream, worker; retrieval=polling instead of fan-out;
 * position=LATEST instead of TRIM_HORIZON; metrics=DETAILED instead of none; assignment=LEASE_COUNT;
 * impatient=true, for times that suit a test; latency=SECONDS, to print how long records took instead of the
 * records.
 */
public final class KclWorker {
  private final String stream = System.getProperty("stream");
  private final boolean impatient = Boolean.getBoolean("impatient");
  private final KinesisAsyncClient kinesis =
      KinesisClientUtil.createKinesisAsyncClient(KinesisAsyncClient.builder());
  private final ConfigsBuilder configs;

  public static void main(String[] arguments) {
    var latency = Integer.getInteger("latency", 0);
    var meter = new LatencyMeter(latency);
    ShardRecordProcessorFactory processors =
        latency > 0 ? meter::processor : () -> new RecordPrinter(System.out);
    var scheduler = new KclWorker(processors).scheduler();
    Runtime.getRuntime().addShutdownHook(new Thread(() -> shutDown(scheduler)));
    scheduler.run();
  }

  private static void shutDown(Scheduler scheduler) {
    try {
      var graceful = scheduler.startGracefulShutdown().get(600, TimeUnit.SECONDS);
      System.out.println("graceful shutdown: " + graceful);
    } catch (Exception failure) {
      System.out.println("graceful shutdown: " + failure);
    }
  }

  private KclWorker(ShardRecordProcessorFactory processors) {
    var position = InitialPositionInStream.valueOf(System.getProperty("position", "TRIM_HORIZON"));
    var start = InitialPositionInStreamExtended.newInitialPosition(position);
    var tracker = new SingleStreamTracker(StreamIdentifier.singleStreamInstance(stream), start);
    configs = new ConfigsBuilder(tracker, System.getProperty("application"), kinesis,
        DynamoDbAsyncClient.create(), CloudWatchAsyncClient.create(), System.getProperty("worker"), processors);
  }

  private Scheduler scheduler() {
    var metrics = MetricsLevel.valueOf(System.getProperty("metrics", "NONE"));
    return new Scheduler(configs.checkpointConfig(), coordinator(), leases(), configs.lifecycleConfig(),
        configs.metricsConfig().metricsLevel(metrics).metricsBufferTimeMillis(impatient ? 2_000 : 10_000),
        configs.processorConfig(), retrieval());
  }

  private RetrievalConfig retrieval() {
    if (!"polling".equals(System.getProperty("retrieval"))) return configs.retrievalConfig();
    var polling = new PollingConfig(stream, kinesis);
    if (impatient) polling.idleTimeBetweenReadsInMillis(200);
    return configs.retrievalConfig().retrievalSpecificConfig(polling);
  }

  private CoordinatorConfig coordinator() {
    var coordinator = configs.coordinatorConfig();
    if (!impatient) return coordinator;
    return coordinator.parentShardPollIntervalMillis(500).shardConsumerDispatchPollIntervalMillis(250);
  }

  private LeaseManagementConfig leases() {
    var leases = configs.leaseManagementConfig();
    var assignment = System.getProperty("assignment");
    if (assignment != null) leases.leaseAssignmentStrategy(LeaseAssignmentStrategy.valueOf(assignment));
    if (!impatient) return leases;
    leases.workerUtilizationAwareAssignmentConfig()
        .inMemoryWorkerMetricsCaptureFrequencyMillis(500).workerMetricsReporterFreqInMillis(2_000);
    return leases.failoverTimeMillis(2_000).shardSyncIntervalMillis(1_000)
        .dynamoDbLockBasedLeaderLeaseDurationInMillis(10_000)
        .dynamoDbLockBasedLeaderHeartbeatPeriodInMillis(2_000);
  }
}
