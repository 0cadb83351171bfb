#include "src/client/HostLogsClient.h"

#include <grpcpp/channel.h>

#include "chancery/agent/v1/logs_service.grpc.pb.h"
#include "src/client/HostMessages.h"
#include "src/rpc/Call.h"

namespace chancery::client {
namespace {

namespace v1 = agent::v1;
using interfaces::LogLevel;
using interfaces::LogLine;

v1::LogLevel levelMessage(LogLevel level) {
    switch (level) {
        case LogLevel::Debug:
            return v1::LOG_LEVEL_DEBUG;
        case LogLevel::Info:
            return v1::LOG_LEVEL_INFO;
        case LogLevel::Warning:
            return v1::LOG_LEVEL_WARNING;
        case LogLevel::Error:
            break;
    }
    return v1::LOG_LEVEL_ERROR;
}

LogLevel levelOf(v1::LogLevel level) {
    switch (level) {
        case v1::LOG_LEVEL_DEBUG:
            return LogLevel::Debug;
        case v1::LOG_LEVEL_WARNING:
            return LogLevel::Warning;
        case v1::LOG_LEVEL_ERROR:
            return LogLevel::Error;
        default:
            return LogLevel::Info;
    }
}

class HostLogsClient final : public interfaces::HostLogs {
public:
    explicit HostLogsClient(std::shared_ptr<grpc::Channel> channel)
        : m_stub(v1::HostLogs::NewStub(std::move(channel))) {}

    Status read(const interfaces::LogQuery& query,
                const std::function<Status(const std::vector<LogLine>&)>& lines, Deadline deadline,
                std::stop_token stop) override {
        v1::ReadLogRequest request;
        setRef(query.node, *request.mutable_node());
        request.set_least(levelMessage(query.least));
        request.set_contains(query.contains);
        if (query.since) setTime(*query.since, *request.mutable_since());
        request.set_last(query.last);
        request.set_follow(query.follow);
        rpc::CallContext context(deadline, std::move(stop));
        const auto reader = m_stub->Read(&context.grpc(), request);
        v1::ReadLogResponse response;
        Status refused;
        while (refused.ok() && reader->Read(&response)) {
            std::vector<LogLine> batch;
            for (const auto& line : response.lines())
                batch.push_back({.when = timeOf(line.when()),
                                 .level = levelOf(line.level()),
                                 .logger = line.logger(),
                                 .text = line.text(),
                                 .number = line.number()});
            refused = lines(batch);
        }
        if (!refused.ok()) context.grpc().TryCancel();
        const Status ended = context.status(reader->Finish());
        return refused.ok() ? ended : refused;
    }

private:
    const std::unique_ptr<v1::HostLogs::Stub> m_stub;
};

}  // namespace

std::unique_ptr<interfaces::HostLogs> makeHostLogsClient(std::shared_ptr<grpc::Channel> channel) {
    return std::make_unique<HostLogsClient>(std::move(channel));
}

}  // namespace chancery::client
