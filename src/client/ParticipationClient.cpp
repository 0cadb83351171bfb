#include "src/client/ParticipationClient.h"

#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "src/base/Encoding.h"
#include "src/http/Client.h"

namespace chancery::client {
namespace {

using interfaces::OrdererChannel;
using Json = nlohmann::json;

constexpr char kChannels[] = "/participation/v1/channels";

std::string textOf(const Json& object, const char* name) {
    const auto found = object.find(name);
    return found != object.end() && found->is_string() ? found->get<std::string>() : std::string();
}

Status refusal(const http::Response& response) {
    const Json body = Json::parse(response.body, nullptr, false);
    const std::string said = body.is_object() ? textOf(body, "error") : std::string();
    return makeError(
        response.status == 404 ? StatusCode::kNotFound : StatusCode::kFailedPrecondition,
        "ORDERER_REFUSED",
        fmt::format("the orderer answers {}{}{}", response.status, said.empty() ? "" : ": ",
                    printable(said)),
        {{"status", std::to_string(response.status)}, {"error", said}});
}

Status notUnderstood() {
    return makeError(StatusCode::kDataLoss, "UNEXPECTED_ANSWER",
                     "the orderer's answer is not that of channel participation");
}

Result<OrdererChannel> readChannel(const http::Response& response) {
    const Json body = Json::parse(response.body, nullptr, false);
    if (!body.is_object()) return notUnderstood();
    OrdererChannel channel{.channel = ChannelId(textOf(body, "name")),
                           .relation = textOf(body, "consensusRelation"),
                           .status = textOf(body, "status")};
    const auto height = body.find("height");
    if (channel.channel.empty() || height == body.end() || !height->is_number_unsigned())
        return notUnderstood();
    channel.height = height->get<std::uint64_t>();
    return channel;
}

class ParticipationClient final : public interfaces::Participation {
public:
    explicit ParticipationClient(std::unique_ptr<http::Client> client)
        : m_client(std::move(client)) {}

    Result<OrdererChannel> join(BytesView block, Deadline deadline) override {
        ASSIGN_OR_RETURN(const auto response,
                         m_client->send({.method = "POST",
                                         .path = kChannels,
                                         .parts = {{.name = "config-block",
                                                    .fileName = "config.block",
                                                    .contentType = "application/octet-stream",
                                                    .content = Bytes(block)}}},
                                        deadline));
        if (response.status != 201) return refusal(response);
        return readChannel(response);
    }

    Result<std::vector<ChannelId>> list(Deadline deadline) override {
        ASSIGN_OR_RETURN(const auto response, m_client->send({.path = kChannels}, deadline));
        if (response.status != 200) return refusal(response);
        const Json body = Json::parse(response.body, nullptr, false);
        if (!body.is_object()) return notUnderstood();
        std::vector<ChannelId> channels;
        const auto listed = body.find("channels");
        if (listed == body.end() || listed->is_null()) return channels;
        if (!listed->is_array()) return notUnderstood();
        for (const Json& channel : *listed) {
            if (!channel.is_object()) return notUnderstood();
            channels.emplace_back(textOf(channel, "name"));
        }
        return channels;
    }

    Result<OrdererChannel> info(const ChannelId& channel, Deadline deadline) override {
        ASSIGN_OR_RETURN(const auto response,
                         m_client->send({.path = kChannels + ("/" + channel.str())}, deadline));
        if (response.status != 200) return refusal(response);
        return readChannel(response);
    }

    Status remove(const ChannelId& channel, Deadline deadline) override {
        ASSIGN_OR_RETURN(
            const auto response,
            m_client->send({.method = "DELETE", .path = kChannels + ("/" + channel.str())},
                           deadline));
        return response.status == 204 ? absl::OkStatus() : refusal(response);
    }

private:
    const std::unique_ptr<http::Client> m_client;
};

}  // namespace

Result<std::shared_ptr<interfaces::Participation>> makeParticipationClient(
    const interfaces::NodeAddress& orderer, const interfaces::TlsIdentity& admin) {
    ASSIGN_OR_RETURN(const auto place, interfaces::splitEndpoint(orderer.endpoint));
    ASSIGN_OR_RETURN(auto client, http::Client::make(place.host, place.port,
                                                     {.rootsPem = orderer.tlsRootsPem,
                                                      .certificatePem = admin.certificatePem,
                                                      .keyPem = admin.keyPem}));
    return std::make_shared<ParticipationClient>(std::move(client));
}

}  // namespace chancery::client
