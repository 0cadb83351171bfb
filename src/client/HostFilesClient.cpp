#include "src/client/HostFilesClient.h"

#include <grpcpp/channel.h>

#include "chancery/agent/v1/files_service.grpc.pb.h"
#include "src/client/HostMessages.h"
#include "src/rpc/Call.h"

namespace chancery::client {
namespace {

namespace v1 = agent::v1;
using interfaces::NodeRef;

class HostFilesClient final : public interfaces::HostFiles {
public:
    explicit HostFilesClient(std::shared_ptr<grpc::Channel> channel)
        : m_stub(v1::HostFiles::NewStub(std::move(channel))) {}

    Result<std::map<std::string, std::uint64_t>> copyOut(
        const NodeRef& node, const std::function<Status(const Entry&)>& begin,
        const std::function<Status(BytesView)>& content, Deadline deadline,
        std::stop_token stop) override {
        v1::CopyOutRequest request;
        setRef(node, *request.mutable_node());
        rpc::CallContext context(deadline, std::move(stop));
        const auto reader = m_stub->CopyOut(&context.grpc(), request);
        v1::CopyOutResponse response;
        std::map<std::string, std::uint64_t> heights;
        Status refused;
        while (refused.ok() && reader->Read(&response)) {
            if (response.has_begin())
                refused = begin({.path = response.begin().path(),
                                 .bytes = response.begin().bytes(),
                                 .mode = response.begin().mode()});
            else if (response.has_end())
                heights = {response.end().heights().begin(), response.end().heights().end()};
            else
                refused = content(response.content());
        }
        if (!refused.ok()) context.grpc().TryCancel();
        const Status ended = context.status(reader->Finish());
        RETURN_IF_ERROR(refused);
        RETURN_IF_ERROR(ended);
        return heights;
    }

    Status copyIn(const NodeRef& node, const std::function<Result<std::optional<Entry>>()>& next,
                  const std::function<Result<Bytes>()>& content, Deadline deadline,
                  std::stop_token stop) override {
        rpc::CallContext context(deadline, std::move(stop));
        v1::CopyInResponse response;
        const auto writer = m_stub->CopyIn(&context.grpc(), &response);
        v1::CopyInRequest request;
        setRef(node, *request.mutable_node());
        Status failed;
        if (writer->Write(request)) failed = send(*writer, next, content);
        // Half a copy must not look like a whole one.
        if (!failed.ok()) context.grpc().TryCancel();
        writer->WritesDone();
        const Status ended = context.status(writer->Finish());
        return failed.ok() ? ended : failed;
    }

private:
    /// OK also when the agent takes no more: its answer says why.
    static Status send(grpc::ClientWriter<v1::CopyInRequest>& writer,
                       const std::function<Result<std::optional<Entry>>()>& next,
                       const std::function<Result<Bytes>()>& content) {
        v1::CopyInRequest request;
        while (true) {
            ASSIGN_OR_RETURN(const auto entry, next());
            if (!entry) return absl::OkStatus();
            request.mutable_begin()->set_path(entry->path);
            request.mutable_begin()->set_bytes(entry->bytes);
            request.mutable_begin()->set_mode(entry->mode);
            if (!writer.Write(request)) return absl::OkStatus();
            while (true) {
                ASSIGN_OR_RETURN(Bytes piece, content());
                if (piece.empty()) break;
                request.set_content(std::move(piece));
                if (!writer.Write(request)) return absl::OkStatus();
            }
        }
    }

    const std::unique_ptr<v1::HostFiles::Stub> m_stub;
};

}  // namespace

std::unique_ptr<interfaces::HostFiles> makeHostFilesClient(std::shared_ptr<grpc::Channel> channel) {
    return std::make_unique<HostFilesClient>(std::move(channel));
}

}  // namespace chancery::client
