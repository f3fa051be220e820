const { textOf } = require('./text-of');

module.exports.handler = async (event) => {
  for (const record of event.Records) console.log(`processed ${textOf(record)}`);
};
