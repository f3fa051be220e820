import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.IntStream;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.services.firehose.FirehoseAsyncClient;
import software.amazon.awssdk.services.firehose.FirehoseClient;
import software.amazon.awssdk.services.firehose.model.DeliveryStreamDescription;
import software.amazon.awssdk.services.firehose.model.DeliveryStreamEncryptionConfigurationInput;
import software.amazon.awssdk.services.firehose.model.ExtendedS3DestinationUpdate;
import software.amazon.awssdk.services.firehose.model.KeyType;
import software.amazon.awssdk.services.firehose.model.Processor;
import software.amazon.awssdk.services.firehose.model.ProcessorType;
import software.amazon.awssdk.services.firehose.model.Record;
import software.amazon.awssdk.services.firehose.model.ResourceNotFoundException;
import software.amazon.awssdk.services.firehose.model.Tag;

/** All twelve operations of Firehose, by both clients of the SDK as they come. Takes the ARN of a role. */
final class Deliveries {
  private static final String NAME = "orders";

  private Deliveries() {}

  public static void main(String[] arguments) throws Exception {
    try (FirehoseClient firehose = FirehoseClient.create();
        FirehoseAsyncClient asynchronous = FirehoseAsyncClient.create()) {
      create(firehose, arguments[0]);
      settle(firehose);
      encryptAndTag(firehose);
      put(firehose, asynchronous);
      update(firehose);
      firehose.deleteDeliveryStream(request -> request.deliveryStreamName(NAME));
      expectGone(firehose);
    }
    System.out.println("all went as on AWS");
  }

  private static void create(FirehoseClient firehose, String role) {
    String arn =
        firehose
            .createDeliveryStream(
                request ->
                    request
                        .deliveryStreamName(NAME)
                        .tags(Tag.builder().key("team").value("lake").build())
                        .extendedS3DestinationConfiguration(
                            s3 ->
                                s3.roleARN(role)
                                    .bucketARN("arn:aws:s3:::lake")
                                    .bufferingHints(hints -> hints.sizeInMBs(1).intervalInSeconds(0))
                                    .processingConfiguration(
                                        processing ->
                                            processing
                                                .enabled(true)
                                                .processors(
                                                    Processor.builder()
                                                        .type(ProcessorType.APPEND_DELIMITER_TO_RECORD)
                                                        .build()))))
            .deliveryStreamARN();
    expect(arn.endsWith(":deliverystream/" + NAME), arn);
    List<String> names = firehose.listDeliveryStreams(request -> request.limit(10)).deliveryStreamNames();
    expect(names.equals(List.of(NAME)), names.toString());
  }

  private static void encryptAndTag(FirehoseClient firehose) throws InterruptedException {
    firehose.startDeliveryStreamEncryption(
        request ->
            request
                .deliveryStreamName(NAME)
                .deliveryStreamEncryptionConfigurationInput(
                    DeliveryStreamEncryptionConfigurationInput.builder().keyType(KeyType.AWS_OWNED_CMK).build()));
    encryption(firehose, "ENABLED");
    firehose.stopDeliveryStreamEncryption(request -> request.deliveryStreamName(NAME));
    encryption(firehose, "DISABLED");
    firehose.tagDeliveryStream(
        request -> request.deliveryStreamName(NAME).tags(Tag.builder().key("stage").value("test").build()));
    firehose.untagDeliveryStream(request -> request.deliveryStreamName(NAME).tagKeys("team"));
    List<Tag> tags = firehose.listTagsForDeliveryStream(request -> request.deliveryStreamName(NAME)).tags();
    expect(tags.size() == 1 && tags.get(0).key().equals("stage"), tags.toString());
  }

  private static void put(FirehoseClient firehose, FirehoseAsyncClient asynchronous) {
    String id = firehose.putRecord(request -> request.deliveryStreamName(NAME).record(record(0))).recordId();
    expect(!id.isEmpty(), id);
    List<Record> records = IntStream.rangeClosed(1, 499).mapToObj(Deliveries::record).toList();
    int failed =
        asynchronous
            .putRecordBatch(request -> request.deliveryStreamName(NAME).records(records))
            .join()
            .failedPutCount();
    expect(failed == 0, failed + " puts have failed");
  }

  private static void update(FirehoseClient firehose) {
    DeliveryStreamDescription before = described(firehose);
    firehose.updateDestination(
        request ->
            request
                .deliveryStreamName(NAME)
                .currentDeliveryStreamVersionId(before.versionId())
                .destinationId(before.destinations().get(0).destinationId())
                .extendedS3DestinationUpdate(ExtendedS3DestinationUpdate.builder().prefix("later/").build()));
    DeliveryStreamDescription after = described(firehose);
    expect(
        after.destinations().get(0).extendedS3DestinationDescription().prefix().equals("later/"),
        after.toString());
    expect(!after.versionId().equals(before.versionId()), after.versionId());
    firehose.putRecord(request -> request.deliveryStreamName(NAME).record(record(500)));
    // Deleting drops what waits: both objects have to be there first.
    waitForRecords();
  }

  /** Whoever started this says on the standard input when all is there. */
  private static void waitForRecords() {
    System.out.println("put");
    try {
      expect(System.in.read() >= 0, "nobody says that the records are there");
    } catch (java.io.IOException error) {
      throw new IllegalStateException(error);
    }
  }

  private static void settle(FirehoseClient firehose) throws InterruptedException {
    while (!described(firehose).deliveryStreamStatusAsString().equals("ACTIVE")) Thread.sleep(100);
  }

  private static void encryption(FirehoseClient firehose, String status) throws InterruptedException {
    while (!described(firehose).deliveryStreamEncryptionConfiguration().statusAsString().equals(status))
      Thread.sleep(100);
  }

  private static void expectGone(FirehoseClient firehose) throws InterruptedException {
    try {
      for (; ; Thread.sleep(100)) described(firehose);
    } catch (ResourceNotFoundException gone) {
      expect(gone.awsErrorDetails().errorMessage().contains(NAME), gone.getMessage());
    }
  }

  private static DeliveryStreamDescription described(FirehoseClient firehose) {
    return firehose.describeDeliveryStream(request -> request.deliveryStreamName(NAME)).deliveryStreamDescription();
  }

  private static Record record(int number) {
    return Record.builder()
        .data(SdkBytes.fromString("record " + number, StandardCharsets.UTF_8))
        .build();
  }

  private static void expect(boolean holds, String what) {
    if (!holds) throw new IllegalStateException(what);
  }
}
