#include "client/inference_client.h"

#include <utility>

namespace delen::client {

Result<InferenceClient> InferenceClient::Connect(const std::string& address, std::uint16_t port,
                                                 Seconds patience) {
  Result<HttpConnection> connection = HttpConnection::Connect(address, port, patience);
  if (!connection) return std::move(connection).error();
  return InferenceClient(*std::move(connection));
}

Result<InferReply> InferenceClient::Infer(const std::string& model,
                                          const std::vector<core::Tensor>& inputs,
                                          const core::Parameters& parameters) {
  std::string body = InferHead(inputs, parameters);
  const HttpHeaders headers = {{kHeaderLength, std::to_string(body.size())},
                               {"Content-Type", "application/octet-stream"}};
  for (const core::Tensor& input : inputs) {
    body.append(reinterpret_cast<const char*>(input.bytes.data()), input.bytes.size());
  }
  const Result<HttpReply> reply =
      connection_.Post("/v2/models/" + model + "/infer", headers, std::move(body));
  if (!reply) return reply.error();
  if (reply->status != 200) return RefusalOf(reply->status, reply->body);
  return ParseInferReply(reply->header(kHeaderLength), reply->body);
}

}  // namespace delen::client
