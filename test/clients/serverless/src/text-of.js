module.exports.textOf = ({ kinesis }) => Buffer.from(kinesis.data, 'base64').toString();
