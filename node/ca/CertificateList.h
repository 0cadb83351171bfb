#pragma once

#include "node/ca/CertificateAuthority.h"
#include "src/http/Message.h"

namespace chancery::node {

/// All certificates that the filter lets through, as the elements of a JSON list {"PEM": …}, into
/// the sink. A long list is read on a thread of its own while this one sends; between pages the
/// database is free, however slowly the client reads. False when it could not be read or nobody
/// receives it any more.
bool writeCertificates(CertificateAuthority& ca, CertificateFilter filter, const http::Sink& sink);

}  // namespace chancery::node
