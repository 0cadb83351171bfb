#pragma once

#include <QApplication>
#include <QTemporaryDir>
#include <QTest>
#include <memory>

#include "tests/support/Vectors.h"
#include "ui/models/CommandRegistry.h"
#include "ui/models/KeyViewModel.h"
#include "ui/models/LedgerInspectorModel.h"
#include "ui/models/LedgerPageModel.h"
#include "ui/models/OperationModel.h"
#include "ui/pages/LedgerPage.h"
#include "ui/style/Theme.h"

namespace chancery::test {

/// A shown ledger page with an index folder of its own.
struct LedgerFixture {
    QTemporaryDir folder;
    ui::OperationModel operations;
    ui::CommandRegistry commands;
    ui::LedgerPageModel model{&operations, (folder.path() + "/indexes").toStdString()};
    ui::LedgerPage page{&model, &commands, &operations};

    explicit LedgerFixture(QSize size = {1264, 856}) {
        static bool styled = false;
        if (!styled) ui::Theme::instance().applyTo(*qApp);
        styled = true;
        page.resize(size);
        page.show();
    }
    ~LedgerFixture() { model.close(); }

    void open(const std::filesystem::path& path, const QString& snapshot = {}) {
        model.open({QString::fromStdString(path.string())}, snapshot);
    }
    /// Waits for the end of the verification.
    bool read() {
        return QTest::qWaitFor(
            [this] {
                const auto phase = model.status().phase;
                return model.state() == ui::LedgerPageModel::State::Failed ||
                       ((phase == usecase::LedgerStatus::Phase::Done ||
                         phase == usecase::LedgerStatus::Phase::Failed) &&
                        model.verification().fraction < 0);
            },
            60000);
    }
    bool openVectors() {
        open(vectorPath("ledger/peer_blockfile_000000"));
        return read();
    }
    template <class Widget>
    Widget* find(const char* name) {
        return page.findChild<Widget*>(QString::fromLatin1(name));
    }
    bool shows(quint64 block, quint64 index) {
        return QTest::qWaitFor(
            [&] {
                const auto view = page.inspectorModel()->transaction();
                const auto shown = page.inspectorModel()->block();
                return view && view->place == usecase::WrittenAt{block, index} && shown &&
                       shown->number == block;
            },
            10000);
    }
};

}  // namespace chancery::test
