#include "src/client/OperationsClient.h"

#include <nlohmann/json.hpp>

#include "src/base/Encoding.h"
#include "src/client/PrometheusText.h"

namespace chancery::client {
namespace {

constexpr std::size_t kMostChecks = 1000;

std::string memberOf(const nlohmann::json& object, const char* name) {
    const auto found = object.find(name);
    return found != object.end() && found->is_string() ? found->get<std::string>() : std::string();
}

Status operationsRefusal(const http::Response& response) {
    if (response.status == 401)
        return makeError(StatusCode::kUnauthenticated, "CERTIFICATE_WANTED",
                         "the operations service wants a client certificate that it knows");
    const nlohmann::json body = nlohmann::json::parse(response.body, nullptr, false);
    const std::string said = body.is_object() ? memberOf(body, "error") : std::string();
    return makeError(StatusCode::kFailedPrecondition, "OPERATIONS_REFUSED",
                     fmt::format("the operations service answers {}{}{}", response.status,
                                 said.empty() ? "" : ": ", printable(said)),
                     {{"status", std::to_string(response.status)}, {"error", said}});
}

Result<nlohmann::json> objectOf(const http::Response& response) {
    nlohmann::json body = nlohmann::json::parse(response.body, nullptr, false);
    if (body.is_object()) return body;
    return makeError(StatusCode::kDataLoss, "UNEXPECTED_ANSWER",
                     "the answer is not that of an operations service");
}

}  // namespace

Result<std::unique_ptr<OperationsClient>> OperationsClient::make(
    const interfaces::NodeAddress& node, const std::optional<interfaces::TlsIdentity>& caller) {
    ASSIGN_OR_RETURN(const auto place, interfaces::splitEndpoint(node.endpoint));
    http::ClientTls tls{.rootsPem = node.tlsRootsPem,
                        .certificatePem = {},
                        .keyPem = {},
                        .serverName = node.serverName};
    if (caller) tls.certificatePem = caller->certificatePem;
    if (caller) tls.keyPem = caller->keyPem;
    ASSIGN_OR_RETURN(auto client, http::Client::make(place.host, place.port, tls));
    return std::unique_ptr<OperationsClient>(new OperationsClient(std::move(client)));
}

Result<std::vector<interfaces::NodeHealth>> OperationsClient::health(Deadline deadline) {
    ASSIGN_OR_RETURN(const auto response, m_client->send({.path = "/healthz"}, deadline));
    if (response.status == 200)
        return std::vector<interfaces::NodeHealth>{{.component = "operations", .problem = {}}};
    if (response.status != 503) return operationsRefusal(response);
    ASSIGN_OR_RETURN(const nlohmann::json body, objectOf(response));
    std::vector<interfaces::NodeHealth> rows;
    const auto failed = body.find("failed_checks");
    if (failed != body.end() && failed->is_array())
        for (const nlohmann::json& check : *failed)
            if (check.is_object() && rows.size() < kMostChecks)
                rows.push_back({.component = memberOf(check, "component"),
                                .problem = memberOf(check, "reason")});
    if (rows.empty()) rows.push_back({.component = "operations", .problem = "not healthy"});
    return rows;
}

Result<std::string> OperationsClient::version(Deadline deadline) {
    ASSIGN_OR_RETURN(const auto response, m_client->send({.path = "/version"}, deadline));
    if (response.status != 200) return operationsRefusal(response);
    ASSIGN_OR_RETURN(const nlohmann::json body, objectOf(response));
    return memberOf(body, "Version");
}

Result<std::vector<interfaces::MetricSample>> OperationsClient::metrics(Deadline deadline) {
    ASSIGN_OR_RETURN(const auto response, m_client->send({.path = "/metrics"}, deadline));
    if (response.status != 200) return operationsRefusal(response);
    return readPrometheusText(response.body);
}

Result<std::string> OperationsClient::logSpec(Deadline deadline) {
    ASSIGN_OR_RETURN(const auto response, m_client->send({.path = "/logspec"}, deadline));
    if (response.status != 200) return operationsRefusal(response);
    ASSIGN_OR_RETURN(const nlohmann::json body, objectOf(response));
    return memberOf(body, "spec");
}

Status OperationsClient::setLogSpec(const std::string& spec, Deadline deadline) {
    http::Call call{.method = "PUT", .path = "/logspec"};
    call.headers["Content-Type"] = "application/json";
    call.body = nlohmann::json{{"spec", spec}}.dump(-1, ' ', false,
                                                    nlohmann::json::error_handler_t::replace);
    ASSIGN_OR_RETURN(const auto response, m_client->send(call, deadline));
    if (response.status == 204) return absl::OkStatus();
    const Status why = operationsRefusal(response);
    if (response.status != 400) return why;
    return makeError(StatusCode::kInvalidArgument, "BAD_LOG_SPEC", messageOf(why),
                     argumentsOf(why));
}

}  // namespace chancery::client
