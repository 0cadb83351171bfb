#include "src/usecase/RenewalPlan.h"

#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "src/usecase/Json.h"

namespace chancery::usecase {
namespace {

using StepKind = RenewalStep::Kind;

constexpr StepKind kKinds[] = {StepKind::Enrol, StepKind::UpdateChannel, StepKind::Install,
                               StepKind::Restart};
constexpr std::string_view kFormat = "chancery-tls-renewal";
constexpr std::size_t kMostConsenters = 1000;

std::string planText(const Json& json, const char* key) {
    const auto found = json.find(key);
    return found != json.end() && found->is_string() ? found->get<std::string>() : std::string();
}

bool planFlag(const Json& json, const char* key) {
    const auto found = json.find(key);
    return found != json.end() && found->is_boolean() && found->get<bool>();
}

const Json& planList(const Json& json, const char* key) {
    static const Json none = Json::array();
    const auto found = json.find(key);
    return found != json.end() && found->is_array() ? *found : none;
}

Json stepJson(const RenewalStep& step) {
    Json pausing = Json::array();
    for (const ChannelId& channel : step.pauses) pausing.push_back(channel.str());
    Json quorums = Json::array();
    for (const RenewalQuorum& quorum : step.quorums)
        quorums.push_back({{"channel", quorum.channel.str()},
                           {"others", quorum.others},
                           {"needed", quorum.needed}});
    return {{"kind", nameOf(step.kind)},     {"node", step.node},
            {"channel", step.channel.str()}, {"done", step.done},
            {"pauses", std::move(pausing)},  {"quorums", std::move(quorums)}};
}

/// False when it is damaged: too small a quorum would be worse than no plan.
bool readQuorum(const Json& json, RenewalQuorum& to) {
    if (!json.is_object()) return false;
    to.channel = ChannelId(planText(json, "channel"));
    const auto needed = json.find("needed");
    if (needed == json.end() || !needed->is_number_unsigned()) return false;
    to.needed = needed->get<std::size_t>();
    for (const Json& other : planList(json, "others"))
        if (other.is_string()) to.others.push_back(other.get<std::string>());
    return to.needed <= to.others.size() && to.others.size() <= kMostConsenters;
}

bool readStep(const Json& json, const RenewalPlan& plan, RenewalStep& to) {
    if (!json.is_object()) return false;
    const std::string kind = planText(json, "kind");
    const auto known = std::find_if(std::begin(kKinds), std::end(kKinds),
                                    [&](StepKind one) { return nameOf(one) == kind; });
    to.node = planText(json, "node");
    if (known == std::end(kKinds) || plan.node(to.node) == nullptr) return false;
    to.kind = *known;
    to.channel = ChannelId(planText(json, "channel"));
    to.done = planFlag(json, "done");
    for (const Json& channel : planList(json, "pauses"))
        if (channel.is_string()) to.pauses.emplace_back(channel.get<std::string>());
    for (const Json& quorum : planList(json, "quorums"))
        if (!readQuorum(quorum, to.quorums.emplace_back())) return false;
    return true;
}

}  // namespace

std::string_view nameOf(NodeCertificate what) {
    return what == NodeCertificate::Tls ? "tls" : "identity";
}

std::string_view nameOf(StepKind kind) {
    switch (kind) {
        case StepKind::Enrol:
            return "enrol";
        case StepKind::UpdateChannel:
            return "update_channel";
        case StepKind::Install:
            return "install";
        case StepKind::Restart:
            return "restart";
    }
    return "";
}

const RenewalStep* RenewalPlan::next() const {
    for (const RenewalStep& step : steps)
        if (!step.done) return &step;
    return nullptr;
}

const RenewalPlan::Node* RenewalPlan::node(const std::string& name) const {
    for (const Node& node : nodes)
        if (node.name == name) return &node;
    return nullptr;
}

RenewalPlan::Node* RenewalPlan::node(const std::string& name) {
    return const_cast<Node*>(std::as_const(*this).node(name));
}

Status checkQuorum(const RenewalStep& step,
                   const std::function<bool(const std::string& node)>& isThere) {
    for (const RenewalQuorum& quorum : step.quorums) {
        std::vector<std::string> away;
        for (const std::string& other : quorum.others)
            if (!isThere(other)) away.push_back(other);
        const std::size_t present = quorum.others.size() - away.size();
        if (present >= quorum.needed) continue;
        return makeError(StatusCode::kFailedPrecondition, "QUORUM_AT_RISK",
                         fmt::format("channel {} would stand still without {}: {} of its other "
                                     "consenters are there, {} are needed; not there: {}",
                                     quorum.channel.str(), step.node, present, quorum.needed,
                                     fmt::join(away, ", ")),
                         {{"channel", quorum.channel.str()},
                          {"present", std::to_string(present)},
                          {"needed", std::to_string(quorum.needed)}});
    }
    return absl::OkStatus();
}

std::string toText(const RenewalPlan& plan) {
    Json nodes = Json::array();
    for (const RenewalPlan::Node& node : plan.nodes)
        nodes.push_back({{"name", node.name},
                         {"msp_id", node.mspId.str()},
                         {"orderer", node.isOrderer},
                         {"folder", node.folder.string()},
                         {"old", node.oldPem},
                         {"new", node.newPem},
                         {"instance", node.instance}});
    Json steps = Json::array();
    for (const RenewalStep& step : plan.steps) steps.push_back(stepJson(step));
    return toText(Json{{"format", kFormat},
                       {"version", 2},
                       {"what", nameOf(plan.what)},
                       {"nodes", std::move(nodes)},
                       {"steps", std::move(steps)}});
}

Result<RenewalPlan> readRenewalPlan(BytesView text) {
    const Json json = Json::parse(text, nullptr, false);
    const auto bad = [](std::string_view why) {
        return makeError(StatusCode::kInvalidArgument, "BAD_PLAN",
                         fmt::format("the plan of a renewal is damaged: {}", why));
    };
    if (!json.is_object() || planText(json, "format") != kFormat) return bad("it is none");
    const auto version = json.find("version");
    if (version == json.end() || *version != Json(2))
        return bad("another version of Chancery has written it; finish it there");
    for (const char* key : {"nodes", "steps"})
        if (!json.contains(key) || !json[key].is_array()) return bad("it has no nodes or steps");
    RenewalPlan plan;
    const std::string what = planText(json, "what");
    if (what == nameOf(NodeCertificate::Identity))
        plan.what = NodeCertificate::Identity;
    else if (what != nameOf(NodeCertificate::Tls))
        return bad("it does not say what is renewed");
    for (const Json& node : json["nodes"]) {
        if (!node.is_object()) return bad("a node");
        plan.nodes.push_back({.name = planText(node, "name"),
                              .mspId = MspId(planText(node, "msp_id")),
                              .isOrderer = planFlag(node, "orderer"),
                              .folder = planText(node, "folder"),
                              .oldPem = planText(node, "old"),
                              .newPem = planText(node, "new"),
                              .instance = planText(node, "instance")});
    }
    for (const Json& step : json["steps"])
        if (!readStep(step, plan, plan.steps.emplace_back())) return bad("a step");
    return plan;
}

}  // namespace chancery::usecase
