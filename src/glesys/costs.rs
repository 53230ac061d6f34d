//! Reads what the email service costs: `email/costs`.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::functions::COSTS;
use super::lenient::{Object, Scalar};
use super::{Error, Questions, Reader};
use crate::model::costs::{Amount, Cost, Costs, Money};

/// The longest currency or unit that is kept.
const LONGEST: usize = 20;

impl Reader {
    /// Asks what each project's email costs.
    ///
    /// # Errors
    /// [`Error`] as for every call, when no project answers.
    pub async fn read_costs(&self) -> Result<(), Error> {
        let mut reads = tokio::task::JoinSet::new();
        for (project, line) in self.0.lines.iter().cloned().enumerate() {
            reads.spawn(async move { (project, line.costs().await) });
        }
        let (mut answered, mut failed) = (false, None);
        for (project, answer) in reads.join_all().await {
            match answer {
                Ok(costs) => {
                    self.0.keep_costs(project, costs);
                    answered = true;
                }
                Err(error) => {
                    let project = &self.0.lines[project].label;
                    tracing::warn!(project, %error, "a project’s costs could not be read");
                    failed = Some(error);
                }
            }
        }
        failed.filter(|_| !answered).map_or(Ok(()), Err)
    }

    /// What a project reported last, and when.
    pub fn last_costs(&self, label: &str) -> Option<(Costs, Timestamp)> {
        self.0.last_costs(label)
    }
}

impl Questions {
    pub(super) async fn costs(&self) -> Result<Costs, Error> {
        let answer: Answer = self.ask(COSTS, &AskCosts {}).await?;
        let prices = answer.pricelist.0.unwrap_or_default();
        Ok(Costs {
            accounts: cost(answer.costs.accounts, prices.accounts),
            storage: cost(answer.costs.quota, prices.quota),
        })
    }
}

#[derive(Serialize)]
struct AskCosts {}

#[derive(Deserialize)]
struct Answer {
    /// The part that makes it an answer.
    costs: Sums,
    #[serde(default)]
    pricelist: Object<Prices>,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct Sums {
    quota: Object<Sum>,
    accounts: Object<Sum>,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct Sum {
    amount: Scalar,
    cost: Object<Price>,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct Prices {
    quota: Object<Price>,
    accounts: Object<Price>,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct Price {
    amount: Scalar,
    currency: Scalar,
    unit: Scalar,
    freeamount: Scalar,
}

fn cost(sum: Object<Sum>, price: Object<Price>) -> Cost {
    let (sum, price) = (sum.0.unwrap_or_default(), price.0.unwrap_or_default());
    Cost {
        used: amount(sum.amount),
        in_all: sum.cost.0.and_then(|cost| money(cost.amount, cost.currency)),
        unit: word(price.unit),
        included: amount(price.freeamount),
        price: money(price.amount, price.currency),
    }
}

fn amount(value: Scalar) -> Option<Amount> {
    Amount::parse(&value.text()?)
}

fn money(value: Scalar, currency: Scalar) -> Option<Money> {
    Some(Money { amount: amount(value)?, currency: word(currency) })
}

fn word(text: Scalar) -> String {
    text.words().unwrap_or_default().trim().chars().take(LONGEST).collect()
}
