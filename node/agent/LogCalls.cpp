#include "node/agent/LogCalls.h"

#include <fmt/format.h>

#include "chancery/agent/v1/logs.pb.h"
#include "node/agent/Messages.h"
#include "src/base/Encoding.h"

namespace chancery::agent {
namespace {

constexpr std::uint32_t kMaxLines = 100'000;
constexpr std::size_t kMaxWord = 1000;
/// Of one message; lines may be long.
constexpr std::size_t kMessageBytes = 1 << 20;

v1::LogLevel levelMessage(LineLevel level) {
    switch (level) {
        case LineLevel::Debug:
            return v1::LOG_LEVEL_DEBUG;
        case LineLevel::Warning:
            return v1::LOG_LEVEL_WARNING;
        case LineLevel::Error:
            return v1::LOG_LEVEL_ERROR;
        case LineLevel::Info:
            break;
    }
    return v1::LOG_LEVEL_INFO;
}

Result<LineLevel> levelOf(v1::LogLevel level) {
    switch (level) {
        case v1::LOG_LEVEL_UNSPECIFIED:
        case v1::LOG_LEVEL_DEBUG:
            return LineLevel::Debug;
        case v1::LOG_LEVEL_INFO:
            return LineLevel::Info;
        case v1::LOG_LEVEL_WARNING:
            return LineLevel::Warning;
        case v1::LOG_LEVEL_ERROR:
            return LineLevel::Error;
        default:
            return makeError(StatusCode::kInvalidArgument, "BAD_LOG_QUERY",
                             "there is no such level");
    }
}

Result<LogQuery> queryOf(const v1::ReadLogRequest& request) {
    const auto bad = [](std::string_view why) {
        return makeError(StatusCode::kInvalidArgument, "BAD_LOG_QUERY", why);
    };
    LogQuery query;
    ASSIGN_OR_RETURN(query.least, levelOf(request.least()));
    if (request.last() > kMaxLines)
        return bad(fmt::format("at most {} lines can be asked for", kMaxLines));
    if (request.contains().size() > kMaxWord) return bad("what to look for is too long");
    query.last = request.last();
    query.contains = request.contains();
    if (request.has_since()) query.since = fromMessage(request.since());
    return query;
}

Status send(Call& call, const std::vector<LogLine>& lines) {
    v1::ReadLogResponse response;
    std::size_t bytes = 0;
    for (const LogLine& line : lines) {
        if (bytes > kMessageBytes) {
            RETURN_IF_ERROR(call.write(response));
            response.Clear();
            bytes = 0;
        }
        auto& message = *response.add_lines();
        toMessage(line.when, *message.mutable_when());
        message.set_level(levelMessage(line.level));
        // A logger is a string for people; a text may have any bytes.
        if (isUtf8(line.logger)) message.set_logger(std::string(line.logger));
        message.set_text(std::string(line.text));
        message.set_number(line.number);
        bytes += line.text.size() + 64;
    }
    return call.write(response);
}

Status read(Supervisor& supervisor, Call& call) {
    ASSIGN_OR_RETURN(const auto request, call.read<v1::ReadLogRequest>());
    ASSIGN_OR_RETURN(const NodeName name, fromMessage(request.node()));
    ASSIGN_OR_RETURN(const LogQuery query, queryOf(request));
    const auto log = supervisor.log(name);
    if (log == nullptr)
        return makeError(StatusCode::kNotFound, "NODE_NOT_FOUND",
                         fmt::format("there is no node {}", name.toString()),
                         {{"node", name.toString()}});
    const auto receiver = [&](const std::vector<LogLine>& lines) { return send(call, lines); };
    ASSIGN_OR_RETURN(const std::uint64_t next, log->read(query, receiver));
    if (!request.follow()) return absl::OkStatus();
    return log->follow(next, query, receiver, call.stop());
}

}  // namespace

Handlers logHandlers(Supervisor& supervisor) {
    Handlers all;
    all["chancery.agent.v1.HostLogs/Read"] = [&supervisor](Call& call) {
        return read(supervisor, call);
    };
    return all;
}

}  // namespace chancery::agent
