#pragma once

#include <QWidget>

#include "ui/models/TransactionView.h"

class QCheckBox;
class QLabel;
class QPlainTextEdit;
class QScrollArea;
class QStackedWidget;
class QTabBar;
class QVBoxLayout;

namespace chancery::ui {

class Badge;
class ChainStrip;
class CopyLabel;
class DataTable;
class DataTree;
class DetailGrid;
class HexView;
class IconButton;
class Label;
class LedgerCells;
class LedgerInspectorModel;
class SectionHeader;

/// Everything about one transaction: the decoded call, why it was refused, what it read and wrote,
/// who endorsed it, where it stands in the chain; its events, envelope and bytes.
class TransactionInspector : public QWidget {
    Q_OBJECT
public:
    enum Tab { Decoded, Events, Envelope, Raw };

    explicit TransactionInspector(LedgerInspectorModel* model, QWidget* parent = nullptr);
    void setTab(Tab tab);
    void focusMain();

Q_SIGNALS:
    void previousRequested();
    void nextRequested();
    void exportRequested();
    void transactionRequested(quint64 block, quint64 index);
    void blockRequested(quint64 block);
    void keyRequested(const QString& contract, const QString& collection, const QByteArray& key);

protected:
    void resizeEvent(QResizeEvent* event) override;

private:
    QWidget* makeHeader(QWidget* parent);
    QWidget* makeDecoded();
    QWidget* makeReadWrites(QWidget* parent);
    QWidget* makeEndorsements(QWidget* parent);
    QWidget* makeEvents();
    void showTransaction();
    void showBlock();
    void showTab(int tab);
    void fillGrid(const TransactionView& view);
    void fillNotices(const TransactionView& view);
    void fillChanges(const TransactionView& view);
    void fillPolicies(const TransactionView& view);
    void spanGroups();
    void keyMenu(const QPoint& at);
    void openKey(const QModelIndex& index);

    LedgerInspectorModel* m_model;
    QStackedWidget* m_stack;
    CopyLabel* m_id;
    Badge* m_verdict;
    Label* m_call;
    Label* m_where;
    QTabBar* m_tabs;
    QStackedWidget* m_pages;
    QScrollArea* m_scroll;
    bool m_wide = false;
    QString m_shown;  ///< place of the transaction that is shown
    QVBoxLayout* m_gridPlace;
    QVBoxLayout* m_notices;
    QWidget* m_changesSection;
    QVBoxLayout* m_changes;
    QWidget* m_readWriteSection;
    QWidget* m_endorsementSection;
    QVBoxLayout* m_policies;
    DataTable* m_readWrites;
    DataTable* m_endorsements;
    LedgerCells* m_readWriteCells;
    LedgerCells* m_endorsementCells;
    QCheckBox* m_decode;
    ChainStrip* m_chain;
    QVBoxLayout* m_chainNotices;
    Label* m_eventName;
    QPlainTextEdit* m_eventValue;
    DataTree* m_envelope;
    HexView* m_hex;
};

}  // namespace chancery::ui
