#include "node/operations/Operations.h"

#include <fmt/format.h>

#include <future>
#include <nlohmann/json.hpp>
#include <thread>

#include "absl/time/time.h"
#include "node/role/ProcessFigures.h"
#include "src/base/Encoding.h"
#include "src/base/Log.h"
#include "src/base/Random.h"

namespace chancery::node {
namespace {

using Json = nlohmann::ordered_json;

constexpr std::string_view kRoom = "operations";

http::Response json(int status, const Json& value) {
    return {.status = status,
            .headers = {{"Content-Type", "application/json"}},
            .body = value.dump(-1, ' ', false, Json::error_handler_t::replace)};
}

/// Eight, four, four, four and twelve hex digits, as other services write them.
std::string newRequestId() {
    Bytes bytes = Random::system().bytes(16);
    bytes[6] = static_cast<char>((bytes[6] & 0x0f) | 0x40);
    bytes[8] = static_cast<char>((bytes[8] & 0x3f) | 0x80);
    std::string text = toHex(bytes);
    for (const std::size_t at : {20U, 16U, 12U, 8U}) text.insert(at, 1, '-');
    return text;
}

/// RFC 3339 with nanoseconds, without zeros at their end.
std::string rfc3339(absl::Time time) {
    return absl::FormatTime("%Y-%m-%dT%H:%M:%E*SZ", time, absl::UTCTimeZone());
}

struct FailedCheck {
    std::string component;
    std::string reason;
};

std::vector<FailedCheck> runChecks(const std::vector<HealthCheck>& checks) {
    std::vector<FailedCheck> failed;
    for (const HealthCheck& check : checks)
        if (const Status status = check.check(); !status.ok())
            failed.push_back({check.component, std::string(messageOf(status))});
    return failed;
}

}  // namespace

struct Operations::Impl {
    http::Response answer(const http::Request& request) {
        http::Response response = route(request);
        std::string id = request.header("x-request-id");
        response.headers["X-Request-Id"] = id.empty() ? newRequestId() : std::move(id);
        return response;
    }

    http::Response route(const http::Request& request) {
        if (request.path == "/healthz") return health(request);
        if (request.path == "/version") return version(request);
        if (request.path != "/logspec" && request.path != "/metrics")
            return {.status = 404,
                    .headers = {{"Content-Type", "text/plain; charset=utf-8"}},
                    .body = "404 page not found\n"};
        if (request.clientCertificateDer.empty()) {
            log::warning(kRoom, fmt::format("{} {} refused: it wants a client certificate",
                                            request.method, request.path));
            return {.status = 401, .headers = {}, .body = {}};
        }
        return request.path == "/logspec" ? logspec(request) : figures();
    }

    http::Response health(const http::Request& request) {
        if (request.method != "GET") return {.status = 405, .headers = {}, .body = {}};
        // On a thread of its own: a check that hangs must not take this connection with it.
        auto done = std::make_shared<std::promise<std::vector<FailedCheck>>>();
        auto result = done->get_future();
        std::thread([done, checks = checks] { done->set_value(runChecks(*checks)); }).detach();
        if (result.wait_for(options.healthTimeout) != std::future_status::ready)
            return {.status = 408, .headers = {}, .body = {}};
        const auto failed = result.get();
        Json body{{"status", failed.empty() ? "OK" : "Service Unavailable"},
                  {"time", rfc3339(clock->now())}};
        for (const FailedCheck& check : failed)
            body["failed_checks"].push_back(
                {{"component", check.component}, {"reason", check.reason}});
        return json(failed.empty() ? 200 : 503, body);
    }

    http::Response version(const http::Request& request) const {
        if (request.method != "GET")
            return json(400, {{"Error", "invalid request method: " + request.method}});
        Json body = Json::object();
        if (!options.commitSha.empty()) body["CommitSHA"] = options.commitSha;
        body["Version"] = options.version;
        return json(200, body);
    }

    static http::Response logspec(const http::Request& request) {
        const auto refuse = [](std::string_view why) {
            return json(400, {{"error", std::string(why)}});
        };
        if (request.method == "GET") return json(200, {{"spec", log::spec().str()}});
        if (request.method != "PUT") return refuse("invalid request method: " + request.method);
        const Json body = Json::parse(request.body, nullptr, false);
        if (!body.is_object()) return refuse("the body is not a JSON object");
        const auto given = body.find("spec");
        if (given != body.end() && !given->is_string()) return refuse("\"spec\" is not a string");
        auto spec = log::LogSpec::parse(given == body.end() ? "" : given->get<std::string>());
        if (!spec.ok()) return refuse(messageOf(spec.status()));
        log::info(kRoom, "log levels are now " + spec->str());
        log::setSpec(*std::move(spec));
        return {.status = 204, .headers = {}, .body = {}};
    }

    http::Response figures() const {
        return {.status = 200,
                .headers = {{"Content-Type", "text/plain; version=0.0.4; charset=utf-8"}},
                .body = metrics->text() + toText(processFigures())};
    }

    OperationsOptions options;
    Metrics* metrics = nullptr;
    const Clock* clock = nullptr;
    std::shared_ptr<const std::vector<HealthCheck>> checks;
    std::unique_ptr<http::Server> server;
};

Operations::Operations(std::unique_ptr<Impl> impl) : m_impl(std::move(impl)) {}
Operations::~Operations() = default;

Result<std::unique_ptr<Operations>> Operations::start(OperationsOptions options, Metrics& metrics,
                                                      std::vector<HealthCheck> checks,
                                                      const Clock& clock) {
    auto impl = std::make_unique<Impl>();
    http::ServerOptions server = std::move(options.server);
    impl->options = std::move(options);
    impl->metrics = &metrics;
    impl->clock = &clock;
    impl->checks = std::make_shared<const std::vector<HealthCheck>>(std::move(checks));
    metrics.gauge("fabric_version", "The active version of the node.", {"version"})
        .set(1, {impl->options.version});
    ASSIGN_OR_RETURN(impl->server, http::Server::start(std::move(server),
                                                       [own = impl.get()](const auto& request) {
                                                           return own->answer(request);
                                                       }));
    return std::unique_ptr<Operations>(new Operations(std::move(impl)));
}

std::string Operations::endpoint() const {
    return m_impl->server->endpoint();
}

void Operations::stop(Deadline deadline) {
    m_impl->server->stop(deadline);
}

}  // namespace chancery::node
