#pragma once

// For the sources of this folder: what the unary calls answer, without gRPC.
#include "chancery/admin/v1/node_admin.pb.h"
#include "node/admin/NodeAdmin.h"

namespace chancery::node {

namespace v1 = ::chancery::admin::v1;

/// Blocks; any thread. Errors as the proto says.
class AdminAnswers {
public:
    explicit AdminAnswers(const AdminSubject& subject) : m_subject(subject) {}

    Result<v1::Abilities> abilities(const v1::AbilitiesRequest& request) const;
    Result<v1::NodeStatus> status(const v1::StatusRequest& request) const;
    Result<v1::ChannelsResponse> channels(const v1::ChannelsRequest& request) const;
    Result<v1::JoinResponse> join(const v1::JoinRequest& request) const;
    Result<v1::LeaveResponse> leave(const v1::LeaveRequest& request) const;
    Result<v1::SettingsResponse> settings(const v1::SettingsRequest& request) const;
    Result<v1::LogSpecResponse> logSpec(const v1::LogSpecRequest& request) const;
    Result<v1::LogSpecResponse> setLogSpec(const v1::SetLogSpecRequest& request) const;

    /// UNIMPLEMENTED (NODE_CANNOT) for people.
    Status cannot(std::string_view ability) const;

private:
    const AdminSubject& m_subject;
};

}  // namespace chancery::node
