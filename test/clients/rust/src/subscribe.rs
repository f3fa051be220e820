use aws_sdk_kinesis::Client;
use aws_sdk_kinesis::types::{
    ConsumerStatus, ShardIteratorType, StartingPosition, SubscribeToShardEventStream,
};
use tokio::time::{Duration, sleep};

use crate::read::words;
use crate::{FIRST, put_one, summary};

pub async fn subscribe(kinesis: &Client) {
    let consumer = register(kinesis).await;
    let position = StartingPosition::builder().r#type(ShardIteratorType::TrimHorizon).build().unwrap();
    let subscription = kinesis.subscribe_to_shard().consumer_arn(&consumer).shard_id(FIRST);
    let mut events = subscription.starting_position(position).send().await.unwrap().event_stream;
    let mut found: Vec<String> = Vec::new();
    while found.len() < 5 {
        let event = events.recv().await.unwrap().expect("the subscription ended early");
        let SubscribeToShardEventStream::SubscribeToShardEvent(event) = event else { continue };
        assert!(event.child_shards().is_empty());
        found.extend(words(event.records()).into_iter().map(String::from));
        // The last is put while the subscription waits for it.
        if found.len() == 4 {
            put_one(kinesis, "five").await;
        }
    }
    assert_eq!(found, ["one", "two", "three", "four", "five"]);
    drop(events);
    kinesis.deregister_stream_consumer().consumer_arn(consumer).send().await.unwrap();
}

async fn register(kinesis: &Client) -> String {
    let stream = summary(kinesis).await.stream_description_summary.unwrap().stream_arn;
    let registered =
        kinesis.register_stream_consumer().stream_arn(stream).consumer_name("reader").send().await;
    let consumer = registered.unwrap().consumer.unwrap().consumer_arn;
    loop {
        let described = kinesis.describe_stream_consumer().consumer_arn(&consumer).send().await.unwrap();
        if described.consumer_description.unwrap().consumer_status == ConsumerStatus::Active {
            return consumer;
        }
        sleep(Duration::from_millis(50)).await;
    }
}
