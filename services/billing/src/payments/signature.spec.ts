import { distrust, sign } from './signature.js';

const secret = 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw';
// The example of the Standard Webhooks documentation.
const example = {
  id: 'msg_p5jXN8AQM9LWM0D4loKWxJek',
  timestamp: '1614265330',
  signature: 'v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=',
  body: Buffer.from('{"test": 2432232314}'),
};
const then = new Date(1_614_265_330_000);
const after = (seconds: number) => new Date(then.getTime() + seconds * 1_000);

describe('a callback is believed', () => {
  it('when its signature fits, as Standard Webhooks makes it', () => {
    expect(distrust(example, secret, then)).toBeUndefined();
  });
  it('when one of several signatures fits, as while a secret is changed', () => {
    const signature = `v1a,AAAA v1,${'A'.repeat(43)}= ${example.signature}`;
    expect(distrust({ ...example, signature }, secret, then)).toBeUndefined();
  });
  it('within five minutes of its time', () => {
    expect(distrust(example, secret, after(300))).toBeUndefined();
    expect(distrust(example, secret, after(-300))).toBeUndefined();
  });
  it('with a secret that is plain text', () => {
    const signature = `v1,${sign(example, 'plain')}`;
    expect(distrust({ ...example, signature }, 'plain', then)).toBeUndefined();
  });
});

describe('a callback is not believed', () => {
  it.each([
    ['whose body was changed', { body: Buffer.from('{"test": 2432232315}') }],
    ['whose id was changed', { id: 'msg_other' }],
    ['whose time was changed', { timestamp: '1614265331' }],
    ['without a signature', { signature: '' }],
    ['with an empty signature', { signature: 'v1,' }],
    ['with a signature of another version', { signature: example.signature.replace('v1', 'v2') }],
    ['with a signature that is no base64', { signature: 'v1,%%%' }],
    ['without a time', { timestamp: '' }],
    ['with a time that is no number', { timestamp: 'NaN' }],
  ])('%s', (_, change) => expect(distrust({ ...example, ...change }, secret, then)).toBeDefined());

  it('under another secret', () => expect(distrust(example, 'whsec_AAAA', then)).toBeDefined());

  it('when it is more than five minutes old or ahead', () => {
    expect(distrust(example, secret, after(301))).toMatch('5 minutes');
    expect(distrust(example, secret, after(-301))).toMatch('5 minutes');
  });
});
