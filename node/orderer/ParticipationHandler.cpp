#include "node/orderer/ParticipationHandler.h"

#include <nlohmann/json.hpp>

#include "src/base/Encoding.h"
#include "src/channel/Elements.h"

namespace chancery::node {
namespace {

using Json = nlohmann::ordered_json;

constexpr std::string_view kBase = "/participation/v1/";
constexpr std::string_view kChannels = "/participation/v1/channels";
constexpr std::string_view kOneChannel = "/participation/v1/channels/";
constexpr std::string_view kPartName = "config-block";

http::Response answer(int status, const Json& content) {
    http::Response response;
    response.status = status;
    response.headers["Content-Type"] = "application/json";
    response.body = content.dump(-1, ' ', false, Json::error_handler_t::replace) + "\n";
    return response;
}

http::Response refuse(int status, std::string_view sentence) {
    return answer(status, {{"error", std::string(sentence)}});
}

http::Response notAllowed(std::string_view allow, std::string_view sentence) {
    http::Response response = refuse(405, sentence);
    response.headers["Allow"] = std::string(allow);
    return response;
}

std::string urlOf(const ChannelId& channel) {
    return fmt::format("{}/{}", kChannels, channel.str());
}

Json describe(const ChannelInfo& info) {
    return {{"name", info.channel.str()},
            {"url", urlOf(info.channel)},
            {"consensusRelation", std::string(nameOf(info.relation))},
            {"status", std::string(nameOf(info.status))},
            {"height", info.height}};
}

bool takesJson(const std::string& accept) {
    if (accept.empty()) return true;
    for (const std::string_view kind : {"application/json", "application/*", "*/*"})
        if (accept.find(kind) != std::string::npos) return true;
    return false;
}

http::Response refuseJoin(const Status& why) {
    const std::string sentence = fmt::format("cannot join: {}", messageOf(why));
    switch (why.code()) {
        case StatusCode::kAlreadyExists:
            return notAllowed("GET, DELETE", sentence);
        case StatusCode::kAborted:
            return refuse(409, sentence);
        case StatusCode::kInvalidArgument:
            if (reasonOf(why) == "BAD_JOIN_BLOCK")
                return refuse(400, fmt::format("invalid join block: {}", messageOf(why)));
            return refuse(400, sentence);
        case StatusCode::kResourceExhausted:
        case StatusCode::kDataLoss:
        case StatusCode::kInternal:
            return refuse(500, sentence);
        default:
            return refuse(400, sentence);
    }
}

}  // namespace

bool ParticipationHandler::isResponsibleFor(std::string_view path) {
    return path.starts_with(kBase);
}

http::Response ParticipationHandler::handle(const http::Request& request) {
    const std::string_view path = request.path;
    const bool isGet = request.method == "GET";
    if (path == kBase && isGet) {
        http::Response response;
        response.status = 302;
        response.headers["Location"] = std::string(kChannels);
        return response;
    }
    const bool isList = path == kChannels;
    const bool isOne = path.starts_with(kOneChannel) &&
                       path.find('/', kOneChannel.size()) == std::string_view::npos &&
                       path.size() > kOneChannel.size();
    if (!isList && !isOne) return refuse(404, "404 page not found");
    const std::string badMethod =
        fmt::format("invalid request method: {}", printable(request.method, 32));
    if (isList && !isGet && request.method != "POST") return notAllowed("GET, POST", badMethod);
    if (isOne && !isGet && request.method != "DELETE") return notAllowed("GET, DELETE", badMethod);
    if (!takesJson(request.header("accept")))
        return refuse(406, "response Content-Type is application/json only");
    if (isList) return isGet ? listAll() : join(request);

    const ChannelId channel(std::string(path.substr(kOneChannel.size())));
    if (const Status name = channel::checkChannelName(channel); !name.ok())
        return refuse(400, fmt::format("invalid channel ID: {}", messageOf(name)));
    return isGet ? listOne(channel) : remove(channel);
}

http::Response ParticipationHandler::listAll() const {
    Json channels = nullptr;
    for (const ChannelInfo& info : m_registrar.list())
        channels.push_back({{"name", info.channel.str()}, {"url", urlOf(info.channel)}});
    http::Response response = answer(200, {{"systemChannel", nullptr}, {"channels", channels}});
    response.headers["Cache-Control"] = "no-store";
    return response;
}

http::Response ParticipationHandler::listOne(const ChannelId& channel) const {
    const auto info = m_registrar.info(channel);
    if (!info) return refuse(404, "channel does not exist");
    http::Response response = answer(200, describe(*info));
    response.headers["Cache-Control"] = "no-store";
    return response;
}

http::Response ParticipationHandler::join(const http::Request& request) {
    const std::string contentType = request.header("content-type");
    if (!contentType.starts_with("multipart/form-data"))
        return refuse(400,
                      fmt::format("unsupported Content-Type: [{}]", printable(contentType, 256)));
    std::size_t size = request.body.size();
    for (const http::Part& part : request.parts) size += part.content.size();
    if (size > kMaxBody)
        return refuse(400, "cannot read form from request body: http: request body too large");
    const auto isBlock = [](const http::Part& part) {
        return part.name == kPartName && !part.fileName.empty();
    };
    const auto part = std::find_if(request.parts.begin(), request.parts.end(), isBlock);
    if (part == request.parts.end())
        return refuse(400, fmt::format("form does not contains part key: {}", kPartName));
    if (request.parts.size() != 1) return refuse(400, "form contains too many parts");
    const auto block = protocol::Block::parse(part->content);
    if (!block.ok())
        return refuse(400, fmt::format("cannot unmarshal file part {} into a block: {}", kPartName,
                                       messageOf(block.status())));
    const auto joined = m_registrar.join(*block);
    if (!joined.ok()) return refuseJoin(joined.status());
    http::Response response = answer(201, describe(*joined));
    response.headers["Location"] = urlOf(joined->channel);
    return response;
}

http::Response ParticipationHandler::remove(const ChannelId& channel) {
    const Status removed = m_registrar.remove(channel);
    if (removed.ok()) {
        http::Response response;
        response.status = 204;
        return response;
    }
    const std::string sentence = fmt::format("cannot remove: {}", messageOf(removed));
    if (absl::IsNotFound(removed)) return refuse(404, sentence);
    return refuse(absl::IsAborted(removed) ? 409 : 400, sentence);
}

}  // namespace chancery::node
