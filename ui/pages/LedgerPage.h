#pragma once

#include <optional>

#include "ui/models/LedgerPageModel.h"
#include "ui/models/Link.h"
#include "ui/pages/Page.h"

class QComboBox;
class QPushButton;
class QSplitter;
class QStackedWidget;

namespace chancery::ui {

class Badge;
class CommandRegistry;
class DataTable;
class EmptyState;
class ErrorState;
class KeyViewModel;
class Label;
class LedgerCells;
class LedgerExports;
class LedgerInspectorModel;
class LoadingRows;
class NewBlocks;
class OperationModel;
class PageHeader;
class QueryEdit;
class SectionHeader;
class SegmentedControl;
class StreamStatus;
class TimeHistogram;
class TransactionInspector;

/// Browse and prove: a ledger file, searched, verified, and one of its transactions in full.
class LedgerPage : public Page {
    Q_OBJECT
public:
    /// The models live longer than the page. `operations` may be null.
    LedgerPage(LedgerPageModel* model, CommandRegistry* commands, OperationModel* operations,
               QWidget* parent = nullptr);
    ~LedgerPage() override;

    bool reveal(const Link& link) override;
    Link currentLink() const override;
    void focusMain() override;
    void focusFilter() override;
    bool hasInspector() const override { return true; }
    void setInspectorShown(bool shown) override;

    void showBlock(quint64 number);
    void showTransaction(quint64 block, quint64 index);
    void showTransaction(const QString& id);
    void showKey(const QString& contract, const QString& collection, const QByteArray& key,
                 std::optional<quint64> height = {});
    void openExport(bool selectedOnly);
    void openFindings();
    void openCompare();
    void openKeySearch();

    LedgerInspectorModel* inspectorModel() const { return m_inspectorModel; }
    KeyViewModel* keyModel() const { return m_keyModel; }

Q_SIGNALS:
    /// "Choose a ledger file" on the empty page.
    void openRequested();

protected:
    void resizeEvent(QResizeEvent* event) override;
    bool eventFilter(QObject* watched, QEvent* event) override;

private:
    /// What the list of transactions holds.
    enum Scope { ThisBlock, AllHits };

    QWidget* makeToolbar(QWidget* parent);
    QWidget* makeBlockPane(QWidget* parent);
    QWidget* makeTransactionPane(QWidget* parent);
    QWidget* makeContent();
    void makeStates();
    void makeShortcuts();
    void addCommands(CommandRegistry* commands);
    void connectModel();
    void connectQuery();

    void restore();
    void showState();
    void showStatus();
    void showBadge(const LedgerPageModel::Verification& now);
    void showHistogram();
    void showHits();
    void blockSelected();
    void transactionSelected();
    void blockLoaded();
    void transactionLoaded();
    void selectPending();
    void step(int by);
    void stepBlock(int by);
    void selectBlockRow(int row);
    void setCompleter();
    void showNotice(const QString& sentence);

    LedgerPageModel* m_model;
    CommandRegistry* m_commands;
    LedgerInspectorModel* m_inspectorModel;
    KeyViewModel* m_keyModel;
    LedgerExports* m_exports;
    LedgerCells* m_blockCells;
    LedgerCells* m_transactionCells;

    PageHeader* m_header;
    Badge* m_badge;
    StreamStatus* m_stream;
    NewBlocks* m_news;
    bool m_seenLive = false;
    QPushButton* m_pause;
    QPushButton* m_verify;
    QPushButton* m_export;
    /// Something was asked for by name, so that a search which hides it gives way.
    bool m_makesRoom = false;
    QString m_typed;  ///< the query that the field knows
    QueryEdit* m_query;
    QComboBox* m_span;
    QComboBox* m_outcome;
    TimeHistogram* m_histogram;
    QStackedWidget* m_states;
    QSplitter* m_columns;
    QStackedWidget* m_blockStack;
    EmptyState* m_noHits;
    ErrorState* m_failure;
    LoadingRows* m_loading;
    DataTable* m_blocks;
    SectionHeader* m_blockTitle;
    SegmentedControl* m_scope;
    DataTable* m_transactions;
    TransactionInspector* m_inspector;

    std::vector<LedgerQueryText::Completion> m_values;
    QString m_valuesFor;
    /// What shall be selected when it is here: a block's row, then a transaction in it.
    std::optional<quint64> m_pendingBlock;
    std::optional<int> m_pendingTransaction;  ///< index; -1: the last one
    bool m_touched = false;                   ///< somebody chose what is shown
    bool m_errorShown = false;
    bool m_selecting = false;
};

}  // namespace chancery::ui
