#include "node/agent/FileCalls.h"

#include <fmt/format.h>

#include "chancery/agent/v1/files.pb.h"
#include "node/agent/FolderCopy.h"
#include "node/agent/Messages.h"
#include "node/agent/NodeCopy.h"
#include "node/agent/NodeFiles.h"

namespace chancery::agent {
namespace {

Status copyOut(const StateFolder& state, Supervisor& supervisor, Call& call) {
    ASSIGN_OR_RETURN(const auto request, call.read<v1::CopyOutRequest>());
    ASSIGN_OR_RETURN(const NodeName name, fromMessage(request.node()));
    RETURN_IF_ERROR(call.begin(name.toString()));
    ASSIGN_OR_RETURN(auto hold, supervisor.hold({name}, call.deadline(), call.stop()));
    ASSIGN_OR_RETURN(const auto copy,
                     NodeCopy::take(hold, state.node(name), state.kept(name) / "copy"));
    v1::CopyOutResponse response;
    RETURN_IF_ERROR(copy.read(
        [&](const NodeCopy::File& file) {
            response.mutable_begin()->set_path(file.path);
            response.mutable_begin()->set_bytes(file.bytes);
            response.mutable_begin()->set_mode(file.mode);
            return call.write(response);
        },
        [&](BytesView bytes) {
            response.set_content(std::string(bytes));
            return call.write(response);
        }));
    response.mutable_end()->mutable_heights()->insert(copy.heights().begin(), copy.heights().end());
    return call.write(response);
}

/// Whether a node has files that no plan gave it.
Result<bool> hasData(const StateFolder& state, const Manifest& manifest) {
    ASSIGN_OR_RETURN(const auto files, filesBelow(state.node(manifest.name)));
    for (const std::string& file : files)
        if (!manifest.files.contains(file)) return true;
    return false;
}

Status receive(Call& call, NodeRestore& restore) {
    while (true) {
        ASSIGN_OR_RETURN(const auto part, call.readNext<v1::CopyInRequest>());
        if (!part) return absl::OkStatus();
        if (part->has_begin())
            RETURN_IF_ERROR(
                restore.file({part->begin().path(), part->begin().bytes(), part->begin().mode()}));
        else
            RETURN_IF_ERROR(restore.content(part->content()));
    }
}

Status copyIn(const StateFolder& state, Supervisor& supervisor, Call& call) {
    ASSIGN_OR_RETURN(const auto first, call.read<v1::CopyInRequest>());
    ASSIGN_OR_RETURN(const NodeName name, fromMessage(first.node()));
    RETURN_IF_ERROR(call.begin(name.toString()));
    ASSIGN_OR_RETURN(auto hold, supervisor.hold({name}, call.deadline(), call.stop()));
    const auto status = supervisor.status(name);
    if (!status) return hold.stop(call.deadline());  // says so
    ASSIGN_OR_RETURN(const bool isUsed, hasData(state, status->manifest));
    if (isUsed || status->process != 0)
        return makeError(StatusCode::kAlreadyExists, "NODE_HAS_DATA",
                         fmt::format("{} has data of its own", name.toString()),
                         {{"node", name.toString()}});
    ASSIGN_OR_RETURN(auto restore, NodeRestore::begin(state.kept(name) / "incoming"));
    RETURN_IF_ERROR(receive(call, restore));
    RETURN_IF_ERROR(restore.finish(state.node(name)));
    // The plan's own files are as the plan says.
    ASSIGN_OR_RETURN(const Manifest manifest, finishApply(state, name));
    supervisor.put(manifest);
    return call.write(v1::CopyInResponse());
}

}  // namespace

Handlers fileHandlers(const StateFolder& state, Supervisor& supervisor) {
    Handlers all;
    all["chancery.agent.v1.HostFiles/CopyOut"] = [&](Call& call) {
        return copyOut(state, supervisor, call);
    };
    all["chancery.agent.v1.HostFiles/CopyIn"] = [&](Call& call) {
        return copyIn(state, supervisor, call);
    };
    return all;
}

}  // namespace chancery::agent
