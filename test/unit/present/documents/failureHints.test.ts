import assert from 'node:assert/strict';
import { failureHint } from '#present/documents/failureHints';
import { documentWords as words } from '#present/words/documentWords';
import { assertLinear } from '#test/support/growth';
import { t } from './hostile';

type Hint = Extract<keyof typeof words, `hint${string}`>;

/** Error messages of providers, CrewAI, and its tools. */
const reasons: Readonly<Record<Hint, readonly string[]>> = {
  hintKeyMissing: [
    'The api_key client option must be set either by passing api_key to the client or by setting the OPENAI_API_KEY environment variable',
    "Error code: 401 - {'error': {'message': \"You didn't provide an API key. You need to provide your API key in an Authorization header\"}}",
    "KeyError: 'GITHUB_TOKEN'",
    'Did not find openai_api_key, please add an environment variable `OPENAI_API_KEY` which contains it',
    '"Could not resolve authentication method. Expected either api_key or auth_token to be set."',
    'Environment variable not found: DATABASE_URL',
    'Missing API key for EXA',
    'AWS_REGION_NAME environment variable is required',
    '1 validation error for Tool\nFIRECRAWL_API_KEY\n  Field required [type=missing]',
  ],
  hintKeyRefused: [
    'API key not valid. Please pass a valid API key.',
    '401 Client Error: Unauthorized for url: https://google.serper.dev/search',
    'Your API key has expired',
    "Error code: 401 - {'error': {'message': 'User not found.', 'code': 401}}",
  ],
  hintRateLimit: [
    '429 Client Error for url: https://api.example.com/',
    'HTTP error! status: 429',
    'rate_limit_error: This request would exceed the limit',
  ],
  hintQuota: [
    "Error code: 429 - {'error': {'message': 'You exceeded your current quota, please check your plan and billing details.', 'type': 'insufficient_quota'}}",
    'Your credit balance is too low to access the Anthropic API. Please go to Plans & Billing',
    "Error code: 402 - {'error': {'message': 'Insufficient Balance'}}",
    'This request requires more credits: Insufficient credits',
    'HTTP 402 Payment Required',
    'billing_hard_limit_reached',
  ],
  hintModel: [
    'The model `gpt-9` does not exist or you do not have access to it.',
    "Error code: 404 - {'error': {'message': 'The model `gpt-4o` has been deprecated', 'code': 'model_not_found'}}",
    'models/gemini-9-pro is not found for API version v1beta, or is not supported for generateContent.',
    "litellm.NotFoundError: OllamaException - model 'llama9' not found, try pulling it first",
    '{"type":"error","error":{"type":"not_found_error","message":"model: claude-9"}}',
    'The provided model identifier is invalid.',
    'DeploymentNotFound: The API deployment for this resource does not exist.',
    'litellm.BadRequestError: LLM Provider NOT provided. Pass in the LLM provider you are trying to call. You passed model=my-model',
    "Unable to initialize LLM with model 'groq/llama-9'. The model did not match any supported native provider (openai, anthropic), and the LiteLLM fallback package is not installed.",
  ],
  hintInputs: [
    'Missing required inputs: topic, audience',
    'Inputs are missing: topic',
    'Inputs dictionary cannot be empty when interpolating variables',
  ],
  hintContext: [
    'litellm.ContextWindowExceededError: context_length_exceeded',
    'prompt is too long: 210000 tokens > 200000 maximum',
    'The input token count (1200000) exceeds the maximum number of tokens allowed (1048575).',
    'LLM context length exceeded. Use a smaller input',
  ],
  hintPolicy: [
    "litellm.ContentPolicyViolationError: AzureException - The response was filtered due to the prompt triggering Azure OpenAI's content management policy.",
    "Error code: 400 - {'error': {'code': 'content_policy_violation', 'message': 'Your request was rejected by our safety system'}}",
  ],
  hintBusy: [
    'litellm.InternalServerError: AnthropicException - {"type":"error","error":{"type":"overloaded_error","message":"Overloaded"}}',
    "503 UNAVAILABLE. {'error': {'message': 'This model is currently experiencing high demand. Please try again later.'}}",
    "Error code: 500 - {'error': {'message': 'The server had an error while processing your request', 'type': 'server_error'}}",
    '502 Server Error: Bad Gateway for url: https://api.example.com: status code 502',
  ],
  hintConnection: [
    'litellm.APIConnectionError: OllamaException - [Errno 65] No route to host',
    'litellm.APIError: APIError: OpenAIException - Connection error.',
    'Failed to connect to OpenAI API',
    'httpx.ConnectError: [Errno 111] Connection refused',
    '[Errno -2] Name or service not known',
    'requests.exceptions.ConnectionError: Failed to establish: [Errno -3] Temporary failure in name resolution',
  ],
  hintEmpty: ['ValueError: Invalid response from LLM call - None or empty.'],
  hintGuardrail: [
    'Exception: Task failed guardrail validation after 3 retries. Last error: The summary is missing inputs',
    'Task failed LLMGuardrail guardrail validation after 3 retries. Last error: it names no source',
  ],
  hintTimeout: ['ReadTimeout: The read operation timed out', '504 Deadline Exceeded'],
};

const unknown = [
  'Something went wrong',
  'The model said that the file was not found',
  'Stopped after 429 steps and 401 tool calls',
  'Retry with timeout=60 set',
  "KeyError: 'title'",
  'The guardrail refused the output: its key figures are missing',
  'SyntaxError in MAX_RETRIES handling',
  'ValidationError: 1 validation error for Report\nsummary\n  Field required',
  'The code 5021 was not in the list',
  'Agent stopped due to iteration limit or time limit.',
  'Connection to the database was closed by the flow',
];

describe('The hint about a failure', () => {
  for (const [name, texts] of Object.entries(reasons))
    for (const text of texts) it(`is ${name} for "${text.slice(0, 80)}"`, () => assert.equal(failureHint(text, t), words[name as Hint]));

  for (const text of unknown) it(`is undefined for "${text}"`, () => assert.equal(failureHint(text, t), undefined));

  it('contains no text from the server', () => {
    assert.equal(failureHint('X_API_KEY is not set [x](command:y) {0}', t), words.hintKeyMissing);
    for (const name of Object.keys(reasons) as Hint[]) assert.doesNotMatch(words[name], /\{\d\}|\n/);
  });

  it('is found in linear time, even for a long, hostile reason', () => {
    for (const part of ['model ', 'A_', 'status ', 'api key ', 'a', 'X'])
      assertLinear((length) => failureHint(part.repeat(length / part.length), t), 40_000, part);
    for (const [first, part] of [['model', '/'] as const, ['error', ' '] as const, ['A_A', '\t'] as const])
      assertLinear((length) => failureHint(first + part.repeat(length), t), 40_000, first);
  }).timeout(20_000);
});
