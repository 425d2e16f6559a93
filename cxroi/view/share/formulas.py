"""Every formula in use, in the order a figure is made: what the Method page prints. Titles and meanings stand in the texts."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class Formula:
    """One formula: `latex` is the same in every language, `source` is author and year, or the id of a sentence."""

    id: str
    group: str
    latex: str
    source: str


GROUPS = ("today", "response", "money", "verdict", "proof")
FORMULAS = (
    Formula(
        id="panel_identity",
        group="today",
        latex=r"N_{s,t+1} = N_{s,t} + J_{s,t} - L_{s,t}",
        source="page.method.own.convention",
    ),
    Formula(
        id="churn",
        group="today",
        latex=r"h = \frac{L}{\sum_t N_t}, \qquad h \mid \text{data} \sim \mathrm{Beta}\!\left(L + \tfrac12,\; \textstyle\sum_t N_t - L + \tfrac12\right)",
        source="Brown, Cai & DasGupta (2001), Interval estimation for a binomial proportion",
    ),
    Formula(
        id="retention",
        group="today",
        latex=r"R = (1 - h)^{12}",
        source="page.method.own.identity",
    ),
    Formula(
        id="tenure",
        group="today",
        latex=r"\text{retention}_t = \frac{\beta + t - 1}{\alpha + \beta + t - 1}, \qquad S(t) = \frac{B(\alpha, \beta + t)}{B(\alpha, \beta)}",
        source="Fader & Hardie (2007), How to project customer retention",
    ),
    Formula(
        id="alive",
        group="today",
        latex=r"P(\text{alive}) = \left[1 + \frac{a}{b + x - 1}\left(\frac{\alpha + T}{\alpha + t_x}\right)^{r + x}\right]^{-1}",
        source="Fader, Hardie & Lee (2005; 2008), BG/NBD",
    ),
    Formula(
        id="clv",
        group="today",
        latex=r"\mathrm{CLV} = \sum_{t=1}^{H} S(t)\,\frac{m - k}{(1 + i)^{t/12}}",
        source="Gupta & Lehmann (2003), Customers as assets",
    ),
    Formula(
        id="revenue_retention",
        group="today",
        latex=r"\mathrm{NRR} = \frac{\sum_i y_i}{\sum_i x_i}, \qquad \mathrm{GRR} = \frac{\sum_i \min(x_i, y_i)}{\sum_i x_i} \le 1",
        source="page.method.own.convention",
    ),
    Formula(
        id="ratio",
        group="today",
        latex=r"R = \frac{\sum_i y_i}{\sum_i x_i}, \qquad \mathrm{Var}(R) = \frac{n}{n-1}\,\frac{\sum_i (y_i - R\,x_i)^2}{\left(\sum_i x_i\right)^2}",
        source="Cochran (1977), Sampling techniques",
    ),
    Formula(
        id="retention_points",
        group="today",
        latex=r"S'(t) = S(t)^{\log R' / \log R}, \qquad \frac{1 - R}{1 - R'} - 1, \qquad \frac{1 + i - R}{1 + i - R'} - 1",
        source="Reichheld & Sasser (1990), Zero defections; Gupta & Lehmann (2003), Customers as assets",
    ),
    Formula(
        id="keeping",
        group="today",
        latex=r"k = \frac{12\,s}{R} \int_0^1 R^{\,t}\,dt = \frac{12\,s\,(1 - R)}{-R\,\ln R}",
        source="page.method.own.identity",
    ),
    Formula(
        id="order_amount",
        group="today",
        latex=r"E[M \mid x, \bar m] = \frac{p\,(v + x\,\bar m)}{p\,x + q - 1}",
        source="Fader & Hardie (2013), The gamma-gamma model of monetary value",
    ),
    Formula(
        id="staff_link",
        group="today",
        latex=r"\operatorname{artanh} r \pm \frac{z}{\sqrt{N^{*} - k - 3}}, \qquad \frac{1}{N^{*}} = \frac{1}{N} + \frac{2}{N} \sum_{j=1}^{N/5} \left(1 - \tfrac{j}{N}\right) r_x(j)\, r_y(j)",
        source="Fisher (1924); Bartlett (1935); Pyper & Peterman (1998), Comparison of methods to account for autocorrelation",
    ),
    Formula(
        id="carryover",
        group="response",
        latex=r"r_t = a\, r_{t-1} + (1 - a)\, \frac{x_t}{x_{\text{today}}}, \qquad 0 \le a < 1",
        source="Broadbent (1979), One way TV advertisements work",
    ),
    Formula(
        id="churn_response",
        group="response",
        latex=r"h_t = h_{\text{today}}\; e^{-b\,[g(r_t) - g(1)]}",
        source="Cox (1972), Regression models and life-tables",
    ),
    Formula(
        id="shapes",
        group="response",
        latex=r"\begin{aligned} \text{exponential: } g(r) &= \frac{1 - 2^{-r/c}}{1 - 2^{-1/c}} \\ \text{Hill: } g(r) &= \frac{r^k\,(1 + c^k)}{c^k + r^k} \\ \text{power: } g(r) &= r^k \\ \text{threshold: } g(r) &= \frac{r^k}{c^k + r^k} \end{aligned}",
        source="Jin, Wang, Sun, Chan & Koehler (2017), Bayesian methods for media mix modeling",
    ),
    Formula(
        id="likelihood",
        group="response",
        latex=r"\log \mu_{s,t} = \log N_{s,t} + \alpha_s + \beta_s t + \gamma_t + u_{s,t} - b_s\, g(r_{s,t}), \qquad L_{s,t} \sim \mathrm{Poisson}(\mu_{s,t})",
        source="McCullagh & Nelder (1989), Generalized linear models",
    ),
    Formula(
        id="channels",
        group="response",
        latex=r"\pm \log y_{s,t} = \alpha_s + \beta_s t + \delta_s + \gamma_t + \text{season}_{m(t)} + u_{s,t} + e_{s,t} - b_s\, g(r_{s,t}), \qquad e_{s,t} \sim \mathcal{N}\!\left(0,\, w^2\, \bar n / n_{s,t}\right)",
        source="Mitchell & Beauchamp (1988), Bayesian variable selection in linear regression",
    ),
    Formula(
        id="budget_share",
        group="response",
        latex=r"\Delta \log x_{s,t} = c\, \Delta \log y_{s,t} + \dots, \quad 0.4 < c < 1.6,\ t > 4 \;\Rightarrow\; x \to x\, y^{-\min(c, 1)}",
        source="Anderson & Rubin (1949), Estimation of the parameters of a single equation",
    ),
    Formula(
        id="level_shift",
        group="response",
        latex=r"z_{s,\tau} = \frac{1_{t \ge \tau}^\top P\, \varepsilon_s}{\sqrt{1_{t \ge \tau}^\top P\, 1_{t \ge \tau}}}, \qquad |z| > 4 \;\Rightarrow\; \delta_s \sim \mathcal{N}(0,\, 0.3^2)",
        source="Chen & Liu (1993), Joint estimation of model parameters and outlier effects in time series",
    ),
    Formula(
        id="events",
        group="response",
        latex=r"y \to y + X^\top \theta, \quad \theta_j \sim \mathcal{N}(0,\, 0.5^2) \;\Rightarrow\; \theta \mid b \sim \mathcal{N}\!\left(V X P\,(y + b\,g),\; V\right), \quad V = \left(X P X^\top + 0.5^{-2} I\right)^{-1}",
        source="Box & Tiao (1975), Intervention analysis with applications to economic and environmental problems",
    ),
    Formula(
        id="feedback",
        group="response",
        latex=r"\mathrm{E}[g^\top P\, e] = -\operatorname{tr}(D\, N N^\top P), \qquad D_{t,u} = c\, g'(r_t)\,(1 - a)\, a^{t-u-1}\, x_{u+1}",
        source="Nickell (1981), Biases in dynamic models with fixed effects",
    ),
    Formula(
        id="luck_of_the_year",
        group="response",
        latex=r"h_{\text{today}} = \mathrm{Beta}(L + \tfrac12,\, N - L + \tfrac12)\; e^{\varepsilon}, \qquad \mathrm{Var}\,\varepsilon = \frac{s_\gamma^2}{T} + \frac{s_u^2}{T^2} \sum_{i,j \le T} \rho^{|i-j|}",
        source="Brown, Cai & DasGupta (2001), Interval estimation for a binomial proportion",
    ),
    Formula(
        id="posterior",
        group="response",
        latex=r"w_j \propto \frac{p(\text{data} \mid \theta_j)\, p(\theta_j)}{q(\theta_j)}, \qquad \mathrm{ESS} = \frac{(\sum_j w_j)^2}{\sum_j w_j^2} > 400",
        source="Cornuet, Marin, Mira & Robert (2012), Adaptive multiple importance sampling; Kong (1992)",
    ),
    Formula(
        id="lines",
        group="response",
        latex=r"U = \sum_l b_l\, g_l(r_l), \qquad b_l = b\, w_l, \quad w \sim \mathrm{Dirichlet}(L s_1, \dots, L s_L), \qquad \textstyle\sum_{k \ne l} U_k \sim \mathcal{GP}(\mathrm{E}, \mathrm{Cov})",
        source="Rasmussen & Williams (2006), Gaussian processes for machine learning, ch. 2; Marquardt (1970)",
    ),
    Formula(
        id="pilot",
        group="response",
        latex=r"\hat u = \ln(-\ln S_C) - \ln(-\ln S_T), \qquad \mathrm{Var} = \sum_{g} \frac{1 - S_g}{n_g\, S_g\, (\ln S_g)^2}",
        source="Newcombe (1998), Interval estimation for the difference between independent proportions",
    ),
    Formula(
        id="pilot_months",
        group="response",
        latex=r"\hat u = \ln \frac{\sum_t D^C_t n^T_t / n_t}{\sum_t D^T_t n^C_t / n_t}, \qquad \hat u_{\text{after}} - \hat u_{\text{before}}",
        source="Mantel & Haenszel (1959); Greenland & Robins (1985), Estimation of a common effect parameter",
    ),
    Formula(
        id="pilot_outcomes",
        group="response",
        latex=r"\hat u = \pm \ln \frac{\bar y_T}{\bar y_C}, \qquad \mathrm{Var} = \sum_{g} \frac{s_g^2}{n_g\, \bar y_g^2}, \qquad \hat u_{\text{joins}} = \ln\!\left(1 + q\,(e^{\hat u} - 1)\right)",
        source="Cochran (1977), Sampling Techniques, ch. 6",
    ),
    Formula(
        id="projection",
        group="money",
        latex=r"N_{t} = N_{t-1}\,(1 - h_t) + J",
        source="page.method.own.convention",
    ),
    Formula(
        id="benefit",
        group="money",
        latex=r"B_t = (1 - \rho_B)\left\{\left[N_t\, m\,(1 + u) - k_t\right]_{\text{plan}} - \left[N_t\, m - k_t\right]_{\text{today}}\right\}",
        source="page.method.own.tei",
    ),
    Formula(
        id="ageing",
        group="money",
        latex=r"h_t = \frac{\sum_g n_{g,t}\, \frac{\alpha}{\alpha + \beta + u_g + t - 1}}{\sum_g n_{g,t}}, \qquad h^{\text{new}}_t = \frac{1 - S(t - 1)}{\sum_{a < t - 1} S(a)}",
        source="Fader & Hardie (2007), How to project customer retention",
    ),
    Formula(
        id="overlap",
        group="money",
        latex=r"-\sum_t D_t\,\left(N_t - N^0_t\right)\left(u\,m - c\,k\right)",
        source="page.method.own.identity",
    ),
    Formula(
        id="residual",
        group="money",
        latex=r"V = \left(N_H - N^0_H\right)\left(m - k - x_{\text{today}}\right)\, D_H \sum_{j=1}^{M} q^j, \qquad q = \frac{1 - h}{(1 + i)^{1/12}}, \qquad \sum_{j=1}^{M} q^j = \frac{q\,(1 - q^M)}{1 - q}",
        source="Gupta, Lehmann & Stuart (2004), Valuing customers",
    ),
    Formula(
        id="channel_money",
        group="money",
        latex=r"m \sum_t D_t N_t \left(e^{b_m G_m(t)} - 1\right) + k \sum_t D_t N_t \left(1 - e^{-b_k G_k(t)}\right), \qquad J_t = J\, e^{b_j G_j(t)}, \quad G(t) = g(r_t) - g(1)",
        source="page.method.own.convention",
    ),
    Formula(
        id="typed",
        group="money",
        latex=r"u_d^{\text{plan}} = u + (u_d - \tilde u)\, \min\!\left(\frac{u}{\tilde u},\, 1\right)",
        source="page.method.own.convention",
    ),
    Formula(
        id="cost",
        group="money",
        latex=r"C_t = (1 + \rho_C)\left[N_t\, x_t - N^{0}_t\, x_{\text{today}}\right], \qquad C_0 = (1 + \rho_C)\,\text{one-off}",
        source="page.method.own.convention",
    ),
    Formula(
        id="discount",
        group="money",
        latex=r"D_m = (1 + i)^{-m/12}, \qquad D_0 = 1",
        source="Brealey, Myers & Allen, Principles of corporate finance",
    ),
    Formula(
        id="npv",
        group="money",
        latex=r"\mathrm{NPV} = \sum_{m=0}^{H} D_m\,(B_m - C_m)",
        source="Brealey, Myers & Allen, Principles of corporate finance",
    ),
    Formula(
        id="roi",
        group="money",
        latex=r"\mathrm{ROI} = \frac{PV(B) - PV(C)}{PV(C)}",
        source="Brealey, Myers & Allen, Principles of corporate finance",
    ),
    Formula(
        id="marginal_roi",
        group="money",
        latex=r"\mathrm{ROI}_{\text{marginal}} = \left.\frac{\partial PV(B) / \partial x}{\partial PV(C) / \partial x}\right|_{x = \text{today}} - 1",
        source="Dorfman & Steiner (1954), Optimal advertising and optimal quality",
    ),
    Formula(
        id="irr",
        group="money",
        latex=r"\sum_{m=0}^{H} \frac{F_m}{(1 + \mathrm{IRR})^{m/12}} = 0",
        source="Brealey, Myers & Allen, Principles of corporate finance",
    ),
    Formula(
        id="payback",
        group="money",
        latex=r"\min\left\{\, m : \sum_{j \le k} F_j \ge 0 \;\; \forall\, k \ge m \,\right\}",
        source="Brealey, Myers & Allen, Principles of corporate finance",
    ),
    Formula(
        id="best_side",
        group="verdict",
        latex=r"p_{\text{above}} = P(x^* > x_{\text{today}}), \quad p_{\text{below}} = P(x^* < x_{\text{today}}), \qquad x^* = \arg\max_x\, [PV(B) - (1 + \text{hurdle})\, PV(C)]",
        source="page.method.own.convention",
    ),
    Formula(
        id="more_pays",
        group="verdict",
        latex=r"p_{\text{more}} = P\!\left( \left.\frac{\partial}{\partial x}\left[PV(B) - (1 + \text{hurdle})\, PV(C)\right]\right|_{\text{today}} > 0 \right)",
        source="page.method.own.convention",
    ),
    Formula(
        id="stated",
        group="verdict",
        latex=r"\mathrm{logit}\, p_{\text{stated}} = \beta\, \mathrm{logit}\, p",
        source="Cox (1958), Two further applications of a model for binary regression; Platt (1999), Probabilistic outputs",
    ),
    Formula(
        id="gain",
        group="verdict",
        latex=r"\text{gain} = \max_x E[\mathrm{NPV}(x)] - E[\mathrm{NPV}(\text{today})]",
        source="Raiffa & Schlaifer (1961), Applied statistical decision theory",
    ),
    Formula(
        id="information",
        group="verdict",
        latex=r"\text{VOI} = E\!\left[\max_x \mathrm{NPV}(x)\right] - \max_x E[\mathrm{NPV}(x)]",
        source="Raiffa & Schlaifer (1961), Applied statistical decision theory",
    ),
    Formula(
        id="sample_information",
        group="verdict",
        latex=r"\mathrm{EVSI} = E_y\!\left[\max_x \sum_k w_k(y)\, \mathrm{NPV}_k(x)\right] - \max_x E[\mathrm{NPV}(x)], \qquad w_k(y) \propto e^{-(y - u_k)^2 / 2 \sigma^2}",
        source="Raiffa & Schlaifer (1961), Applied statistical decision theory; Strong, Oakley, Brennan & Breeze (2015)",
    ),
    Formula(
        id="wrong",
        group="verdict",
        latex=r"\text{cost}_{\text{too little}} + \text{cost}_{\text{too much}} = \text{gain} + \text{VOI}",
        source="page.method.own.identity",
    ),
    Formula(
        id="acting",
        group="verdict",
        latex=r"\text{cost}_{\text{acting}} = E[\max(0, -\mathrm{NPV}(\hat x))], \qquad \hat x = \arg\max_x E[\mathrm{NPV}(x)]",
        source="page.method.own.convention",
    ),
    Formula(
        id="safe_step",
        group="verdict",
        latex=r"x_{\text{safe}} = \arg\max_{x \in [x_{\text{lowest seen}},\, x_{\text{highest seen}}]} Q_{0.10}[\mathrm{NPV}(x)]",
        source="page.method.own.convention",
    ),
    Formula(
        id="allocation",
        group="verdict",
        latex=r"\max_{x}\ \sum_l E[\mathrm{NPV}_l(x_l)] \quad \text{with} \quad \sum_l x_l = X, \quad \underline{x}_l \le x_l \le \overline{x}_l",
        source="Everett (1963), Generalized Lagrange multiplier method; Bellman (1957), Dynamic programming",
    ),
    Formula(
        id="realised",
        group="proof",
        latex=r"\log h_{s,t} = \alpha_s + \beta_s t + \gamma_t + u_{s,t} - b\, \mathbf{1}[s \in I,\, t \ge t_0], \qquad \text{uplift} = (1 - h)^{12} - (1 - h e^{b})^{12}",
        source="Angrist & Pischke (2009), Mostly harmless econometrics, ch. 5; Barnett, van der Pols & Dobson (2005), Regression to the mean",
    ),
    Formula(
        id="nps",
        group="proof",
        latex=r"\mathrm{NPS} = p - d, \qquad \mathrm{Var} = \frac{p + d - (p - d)^2}{n}",
        source="Rocks (2016), Interval estimation for the net promoter score",
    ),
    Formula(
        id="wilson",
        group="proof",
        latex=r"\frac{\hat p + \frac{z^2}{2n} \pm z\sqrt{\frac{\hat p(1 - \hat p)}{n} + \frac{z^2}{4n^2}}}{1 + \frac{z^2}{n}}",
        source="Wilson (1927), Probable inference",
    ),
    Formula(
        id="newcombe",
        group="proof",
        latex=r"\hat p_1 - \hat p_2 - \sqrt{(\hat p_1 - l_1)^2 + (u_2 - \hat p_2)^2}\;\ldots\;\hat p_1 - \hat p_2 + \sqrt{(u_1 - \hat p_1)^2 + (\hat p_2 - l_2)^2}",
        source="Newcombe (1998), Interval estimation for the difference between independent proportions",
    ),
    Formula(
        id="cuped",
        group="proof",
        latex=r"y_i - \theta\,(x_i - \bar x), \qquad \theta = \frac{\mathrm{Cov}(x, y)}{\mathrm{Var}(x)}",
        source="Deng, Xu, Kohavi & Walker (2013), Improving the sensitivity of online controlled experiments",
    ),
    Formula(
        id="driver",
        group="proof",
        latex=r"\ln \frac{P(\text{leaves})}{1 - P(\text{leaves})} = \beta\,\text{satisfied} + \gamma_{\text{segment}} + \delta \ln(1 + \text{tenure}) + \sum_{j} \eta_j\,\text{satisfied}_j",
        source="Wooldridge (2010), Econometric analysis of cross section and panel data, section 15.6",
    ),
    Formula(
        id="false_discovery",
        group="proof",
        latex=r"\tilde p_{(i)} = \min_{j \ge i} \frac{m}{j}\, p_{(j)}",
        source="Benjamini & Hochberg (1995), Controlling the false discovery rate",
    ),
    Formula(
        id="forecast_width",
        group="proof",
        latex=r"\mathrm{Var} = \sigma^2 \left[a^2 (f - 1) + \frac{1}{n^2} \sum_{k=0}^{n-1} (1 + a k)^2\right]",
        source="Hyndman, Koehler, Ord & Snyder (2008), Forecasting with exponential smoothing, section 6.3",
    ),
    Formula(
        id="power",
        group="proof",
        latex=r"1 - \beta = \Phi\!\left(\frac{\sqrt{n}\,|p_1 - p_2| - z_{\alpha/2}\sqrt{2\bar p\,\bar q}}{\sqrt{p_1 q_1 + p_2 q_2}}\right)",
        source="Fleiss, Levin & Paik (2003), Statistical methods for rates and proportions",
    ),
    Formula(
        id="partial_residual",
        group="proof",
        latex=r"\hat e_{st} = \ln y_{st} - \hat\alpha_s - \hat\beta_s t - \hat\gamma_t - \hat s_{m(t)} + \overline{b_s\,g(r_{st})}",
        source="Larsen & McCleary (1972), The use of partial residual plots in regression analysis",
    ),
    Formula(
        id="predictive",
        group="proof",
        latex=r"p = P\!\left(T(y^{\text{made}}, \theta) > T(y, \theta) \mid y\right)",
        source="Gelman, Meng & Stern (1996), Posterior predictive assessment of model fitness via realized discrepancies",
    ),
    Formula(
        id="shrinkage",
        group="proof",
        latex=r"\hat b_i \sim N(b_i, s_i^2), \quad b_i \sim N(\mu, \tau^2), \qquad E[b_i \mid \mu, \tau] = \frac{\hat b_i / s_i^2 + \mu / \tau^2}{1 / s_i^2 + 1 / \tau^2}",
        source="Rubin (1981); Gelman and others (2013), Bayesian data analysis, section 5.4",
    ),
    Formula(
        id="design_effect",
        group="proof",
        latex=r"\mathrm{DE} = 1 + \left((1 + cv^2)\,\bar m - 1\right) \rho",
        source="Kish (1965), Survey sampling; Eldridge, Ashby & Kerry (2006)",
    ),
    Formula(
        id="lots",
        group="proof",
        latex=r"\text{lot}_i = \mathrm{SHA256}(\text{seed}, \text{customer}_i), \qquad d = \frac{\bar x_T - \bar x_C}{\sqrt{(s_T^2 + s_C^2) / 2}}",
        source="Imbens & Rubin (2015), Causal inference, ch. 9; Austin (2009)",
    ),
)
