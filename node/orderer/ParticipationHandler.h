#pragma once

#include "node/orderer/Registrar.h"
#include "src/http/Message.h"

namespace chancery::node {

/// The channel participation API as `osnadmin` calls it (fact sheet A §6.4). Who may call is the
/// affair of the server's TLS. Thread-safe.
class ParticipationHandler {
public:
    static constexpr std::size_t kMaxBody = 1U << 20;

    explicit ParticipationHandler(Registrar& registrar) : m_registrar(registrar) {}

    /// Whether the path belongs to this API.
    static bool isResponsibleFor(std::string_view path);
    http::Response handle(const http::Request& request);

private:
    http::Response listAll() const;
    http::Response listOne(const ChannelId& channel) const;
    http::Response join(const http::Request& request);
    http::Response remove(const ChannelId& channel);

    Registrar& m_registrar;
};

}  // namespace chancery::node
