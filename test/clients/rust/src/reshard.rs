use aws_sdk_kinesis::Client;
use aws_sdk_kinesis::types::{ShardFilter, ShardFilterType, ShardIteratorType};

use crate::read::{read, start};
use crate::{FIRST, STREAM, active};

pub async fn split(kinesis: &Client) {
    let quarter = 1_u128 << 126;
    let split = kinesis.split_shard().stream_name(STREAM).shard_to_split(FIRST);
    split.new_starting_hash_key(quarter.to_string()).send().await.unwrap();
    active(kinesis).await;
    let parent = read(kinesis, start(kinesis, ShardIteratorType::Latest)).await;
    assert_eq!(parent.next_shard_iterator(), None);
    let children: Vec<_> = parent.child_shards().iter().map(|child| index(child.shard_id())).collect();
    assert_eq!(children, [2, 3]);
}

pub async fn merge(kinesis: &Client) {
    let merge = kinesis.merge_shards().stream_name(STREAM);
    let merge = merge.shard_to_merge("shardId-000000000002").adjacent_shard_to_merge("shardId-000000000003");
    merge.send().await.unwrap();
    active(kinesis).await;
    let open = ShardFilter::builder().r#type(ShardFilterType::AtLatest).build().unwrap();
    let mut page =
        kinesis.list_shards().stream_name(STREAM).shard_filter(open).max_results(1).send().await.unwrap();
    let mut found = Vec::new();
    loop {
        found.extend(page.shards().iter().map(|shard| index(shard.shard_id())));
        let Some(token) = page.next_token() else { break };
        page = kinesis.list_shards().next_token(token).max_results(1).send().await.unwrap();
    }
    assert_eq!(found, [1, 4]);
}

fn index(shard: &str) -> u32 {
    shard[shard.len() - 12..].parse().unwrap()
}
