#include "node/admin/AdminAnswers.h"

#include <cmath>

#include "node/role/ProcessFigures.h"
#include "src/base/Encoding.h"
#include "src/base/Log.h"

namespace chancery::node {
namespace {

constexpr std::uint32_t kMostChannels = 1000;
constexpr std::size_t kMaxChannelId = 249;
constexpr std::size_t kMaxLogSpec = 4096;

void write(const AdminChannel& from, v1::Channel& to) {
    to.set_channel(from.channel.str());
    to.set_height(from.height);
    to.set_last_block_hash(from.lastBlockHash);
    to.set_relation(from.relation);
    to.set_status(from.status);
    if (!from.problem.ok()) to.set_problem(std::string(messageOf(from.problem)));
    for (const AdminContract& contract : from.contracts) {
        auto* one = to.add_contracts();
        one->set_name(contract.name);
        one->set_version(contract.version);
        one->set_sequence(contract.sequence);
        one->set_runs(contract.runs);
    }
}

}  // namespace

Status AdminAnswers::cannot(std::string_view ability) const {
    return makeError(StatusCode::kUnimplemented, "NODE_CANNOT",
                     fmt::format("a node of the kind {} has no {}", m_subject.kind, ability),
                     {{"ability", std::string(ability)}, {"kind", m_subject.kind}});
}

Result<v1::Abilities> AdminAnswers::abilities(const v1::AbilitiesRequest&) const {
    v1::Abilities abilities;
    for (const char* ability : {"settings", "metrics", "log_spec", "health"})
        abilities.add_can(ability);
    if (m_subject.channels != nullptr)
        for (const char* ability : {"channels", "join", "leave"}) abilities.add_can(ability);
    if (m_subject.flow != nullptr) abilities.add_can("flow");
    if (m_subject.channels == nullptr)
        abilities.set_limits("a certificate authority has no channels and no transactions");
    return abilities;
}

Result<v1::NodeStatus> AdminAnswers::status(const v1::StatusRequest&) const {
    v1::NodeStatus status;
    status.set_kind(m_subject.kind);
    status.set_msp_id(m_subject.mspId.str());
    status.set_version(m_subject.version);
    const auto figures = processFigures();
    status.set_started_at(std::llround(valueOf(figures, "process_start_time_seconds") * 1e3) *
                          1'000'000);
    status.set_memory_bytes(
        static_cast<std::uint64_t>(valueOf(figures, "process_resident_memory_bytes")));
    status.set_processor_seconds(valueOf(figures, "process_cpu_seconds_total"));
    for (const auto& [name, endpoint] : m_subject.endpoints())
        (*status.mutable_endpoints())[name] = endpoint;
    for (const HealthCheck& check : m_subject.checks) {
        auto* row = status.add_health();
        row->set_component(check.component);
        const Status outcome = check.check();
        if (outcome.ok()) continue;
        row->set_problem(std::string(messageOf(outcome)));
        row->set_reason(reasonOf(outcome));
        if (reasonOf(outcome) == "DISK_FULL") status.set_read_only(true);
    }
    return status;
}

Result<v1::ChannelsResponse> AdminAnswers::channels(const v1::ChannelsRequest& request) const {
    if (m_subject.channels == nullptr) return cannot("channels");
    if (request.page().size() > kMaxChannelId)
        return makeError(StatusCode::kInvalidArgument, "BAD_PAGE",
                         "there is no page that begins with it");
    const std::uint32_t most =
        request.page_size() == 0 ? kMostChannels : std::min(request.page_size(), kMostChannels);
    v1::ChannelsResponse response;
    for (const ChannelId& id : m_subject.channels->ids()) {
        // A page is named by the channel that it begins behind: it may have been left meanwhile.
        if (!request.page().empty() && id.str() <= request.page()) continue;
        if (static_cast<std::uint32_t>(response.channels_size()) == most) {
            response.set_next_page(response.channels(response.channels_size() - 1).channel());
            break;
        }
        const auto channel = m_subject.channels->describe(id);
        if (absl::IsNotFound(channel.status())) continue;  // left just now
        RETURN_IF_ERROR(channel.status());
        write(*channel, *response.add_channels());
    }
    return response;
}

Result<v1::JoinResponse> AdminAnswers::join(const v1::JoinRequest& request) const {
    if (m_subject.channels == nullptr) return cannot("join");
    ASSIGN_OR_RETURN(const auto joined, m_subject.channels->join(request.block()));
    v1::JoinResponse response;
    response.set_channel(joined.channel.str());
    response.set_already(joined.already);
    return response;
}

Result<v1::LeaveResponse> AdminAnswers::leave(const v1::LeaveRequest& request) const {
    if (m_subject.channels == nullptr) return cannot("leave");
    ASSIGN_OR_RETURN(const bool left, m_subject.channels->leave(ChannelId(request.channel())));
    v1::LeaveResponse response;
    response.set_already(!left);
    return response;
}

Result<v1::SettingsResponse> AdminAnswers::settings(const v1::SettingsRequest&) const {
    v1::SettingsResponse response;
    for (const EffectiveSetting& setting : m_subject.settings) {
        auto* one = response.add_settings();
        one->set_path(setting.path);
        one->set_value(setting.value);
        one->set_default_value(setting.defaultValue);
        one->set_is_default(setting.isDefault);
        one->set_help(setting.help);
        if (setting.path != "log.spec") continue;
        // The one that may have been changed since.
        one->set_value(log::spec().str());
        one->set_is_default(one->value() == setting.defaultValue);
    }
    return response;
}

Result<v1::LogSpecResponse> AdminAnswers::logSpec(const v1::LogSpecRequest&) const {
    v1::LogSpecResponse response;
    response.set_spec(log::spec().str());
    return response;
}

Result<v1::LogSpecResponse> AdminAnswers::setLogSpec(const v1::SetLogSpecRequest& request) const {
    if (request.spec().size() > kMaxLogSpec)
        return makeError(StatusCode::kInvalidArgument, "BAD_LOG_SPEC",
                         fmt::format("a log spec has at most {} bytes", kMaxLogSpec));
    ASSIGN_OR_RETURN(auto spec, log::LogSpec::parse(request.spec()));
    v1::LogSpecResponse response;
    response.set_spec(spec.str());
    log::setSpec(std::move(spec));
    return response;
}

}  // namespace chancery::node
