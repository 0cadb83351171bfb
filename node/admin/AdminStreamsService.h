#pragma once

// For the sources of this folder: the two streams of the admin API.
#include <grpcpp/support/server_callback.h>

#include <memory>

#include "chancery/admin/v1/node_admin.pb.h"
#include "node/admin/AdminTicker.h"
#include "node/role/FlowEvents.h"
#include "node/role/Metrics.h"

namespace chancery::node {

/// INVALID_ARGUMENT (BAD_PERIOD).
grpc::ServerWriteReactor<::chancery::admin::v1::MetricsReading>* watchMetrics(
    const ::chancery::admin::v1::WatchMetricsRequest& request, const Metrics& metrics,
    AdminTicker& ticker);
/// INVALID_ARGUMENT (BAD_RATE).
grpc::ServerWriteReactor<::chancery::admin::v1::FlowBatch>* watchFlow(
    const ::chancery::admin::v1::WatchFlowRequest& request, FlowEvents& events,
    AdminTicker& ticker);

/// A stream that ends with an error before it began.
template <class Message>
class RefusedStream final : public grpc::ServerWriteReactor<Message> {
public:
    explicit RefusedStream(const grpc::Status& why) { this->Finish(why); }
    void OnDone() override { delete this; }
};

}  // namespace chancery::node
