/** What amqplib's connection has and its types do not. */
export interface FrameReader {
  /** What came from the socket and was not read yet. */
  rest: Buffer;
  /** The next frame, or false while it has not come in whole. */
  recvFrame(): object | false;
}

/** The only header of a message whose properties could not be read; says why. */
const UNREADABLE = 'retaguarda-unreadable';

const PROPERTIES_FRAME = 2;
const FRAME_OVERHEAD = 8;

/**
 * Whoever may publish may send headers that amqplib cannot decode, such as arrays nested too deep for its stack. It ends the
 * connection then, with all its consumers, each time the message is delivered. Lets such a message through without its
 * properties instead, under the header `retaguarda-unreadable`: a structured CloudEvent has all that matters in its body,
 * and anything else is parked.
 */
export function readPastBrokenHeaders(connection: FrameReader): void {
  const receive = connection.recvFrame.bind(connection);
  connection.recvFrame = () => {
    const { rest } = connection;
    try {
      return receive();
    } catch (error) {
      if (!isProperties(rest) || connection.rest === rest) throw error;
      return withoutProperties(rest, (error as Error).message);
    }
  };
}

function isProperties(bytes: Buffer): boolean {
  return (
    bytes.length > FRAME_OVERHEAD &&
    bytes.readUInt8(0) === PROPERTIES_FRAME &&
    bytes.length >= FRAME_OVERHEAD + bytes.readUInt32BE(3)
  );
}

/** https://www.rabbitmq.com/resources/specs/amqp0-9-1.pdf, 4.2.6.1: class, weight, body size, properties. */
function withoutProperties(frame: Buffer, why: string): object {
  return {
    id: frame.readUInt16BE(7),
    channel: frame.readUInt16BE(1),
    size: Number(frame.readBigUInt64BE(11)),
    fields: { headers: { [UNREADABLE]: why } },
  };
}
