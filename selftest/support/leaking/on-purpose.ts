import { crc32 } from 'node:zlib';
import { expect, test } from '@playwright/test';

const key = process.env['LEAKING_KEY'] ?? '';

test('a key is in the message of a failure and in attachments', async () => {
  await test
    .info()
    .attach('encoded', { body: Buffer.from(`key: ${key}`).toString('base64'), contentType: 'text/plain' });
  await test.info().attach('archive', { body: zipped('inner.txt', key), contentType: 'application/zip' });
  expect({ key }).toEqual({});
});

/** An archive of one file, not compressed. */
function zipped(name: string, text: string): Buffer {
  const sum = crc32(text);
  const about = Buffer.alloc(22);
  about.writeUInt16LE(20, 0);
  about.writeUInt32LE(sum, 10);
  about.writeUInt32LE(text.length, 14);
  about.writeUInt32LE(text.length, 18);
  const lengths = Buffer.from([name.length, 0, 0, 0]);
  const file = Buffer.concat([Buffer.from('PK\x03\x04'), about, lengths, Buffer.from(name + text)]);
  const directory = Buffer.concat([
    Buffer.from('PK\x01\x02\x14\x00'),
    about,
    lengths,
    Buffer.alloc(14),
    Buffer.from(name),
  ]);
  const end = Buffer.alloc(18);
  end.writeUInt16LE(1, 4);
  end.writeUInt16LE(1, 6);
  end.writeUInt32LE(directory.length, 8);
  end.writeUInt32LE(file.length, 12);
  return Buffer.concat([file, directory, Buffer.from('PK\x05\x06'), end]);
}
