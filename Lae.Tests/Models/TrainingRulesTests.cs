using Lae.Models;
using Lae.Numerics;

namespace Lae.Tests.Models;

/// <summary>The small rules of training: how the step size follows acceptance, when a warning is due, how many steps an epoch has.</summary>
public sealed class TrainingRulesTests
{
    [Fact]
    public void The_step_size_follows_its_acceptance()
    {
        StepSizeAdaptation adaptation = new(0.2, target: 0.6, gain: 0.5);
        TensorTree state = adaptation.Initialize();
        Assert.Equal(0.2, StepSizeAdaptation.StepSize(state), 1e-15);
        state = adaptation.Adapt(state, 1, Workspace.Default);
        Assert.Equal(0.2 * Math.Exp(0.2), StepSizeAdaptation.StepSize(state), 1e-15);
        state = adaptation.Adapt(state, 0, Workspace.Default);
        Assert.Equal(0.2 * Math.Exp(-0.1), StepSizeAdaptation.StepSize(state), 1e-15);
        Assert.Equal(["logStepSize"], state.Names);
        Assert.Equal(DType.Float64, state["logStepSize"].DType);
    }

    [Fact]
    public void The_defaults_of_the_adaptation_and_a_gain_of_zero()
    {
        StepSizeAdaptation usual = new(1);
        Assert.Equal(0.05 * (1 - 0.574), usual.Adapt(usual.Initialize(), 1, Workspace.Default)["logStepSize"].ToDouble(), 1e-15);
        StepSizeAdaptation still = new(0.3, gain: 0);
        Assert.Equal(0.3, StepSizeAdaptation.StepSize(still.Adapt(still.Initialize(), 1, Workspace.Default)), 1e-15);
    }

    [Theory]
    [InlineData(0, 0.5, 0.1)]
    [InlineData(-1, 0.5, 0.1)]
    [InlineData(double.NaN, 0.5, 0.1)]
    [InlineData(double.PositiveInfinity, 0.5, 0.1)]
    [InlineData(1, 0, 0.1)]
    [InlineData(1, 1, 0.1)]
    [InlineData(1, double.NaN, 0.1)]
    [InlineData(1, 0.5, -0.1)]
    [InlineData(1, 0.5, double.NaN)]
    public void An_adaptation_outside_its_ranges_is_refused(double initial, double target, double gain) =>
        Assert.Throws<ArgumentOutOfRangeException>(() => new StepSizeAdaptation(initial, target, gain));

    [Theory]
    [InlineData("acceptanceProbability", 0.19, "AcceptanceCollapsed")]
    [InlineData("acceptanceProbability", 0.21, null)]
    [InlineData("acceptanceProbability", 0.89, null)]
    [InlineData("acceptanceProbability", 0.91, "AcceptanceTooHigh")]
    [InlineData("lastLayerNorm", 9 * 1.5, null)]
    [InlineData("lastLayerNorm", 11 * 1.5, "LastLayerGrows")]
    [InlineData("featureCount", 99, "FewerFeaturesThanBatch")]
    [InlineData("featureCount", 100, null)]
    [InlineData("batchSize", 128, null)]
    [InlineData("batchSize", 129, "FewerFeaturesThanBatch")]
    [InlineData("energyOfData", -7.9, null)]
    [InlineData("energyOfData", -8.1, "EnergyDrift")]
    [InlineData("energyOfSamples", 8.9, null)]
    [InlineData("energyOfSamples", 9.1, "EnergyDrift")]
    [InlineData("activeLatents", 8, null)]
    [InlineData("activeLatents", 7, "LatentsIgnored")]
    public void A_warning_is_due_on_its_side_of_its_limit(string figure, double value, string? warning)
    {
        Dictionary<string, double> healthy = new()
        {
            ["acceptanceProbability"] = 0.57,
            ["lastLayerNorm"] = 1.5,
            ["featureCount"] = 128,
            ["batchSize"] = 100,
            ["energyOfData"] = -1,
            ["energyOfSamples"] = 2,
            ["activeLatents"] = 8,
            ["latentSize"] = 8,
        };
        Assert.Empty(TrainingWarnings.Of(healthy, healthy));
        string[] expected = warning is null ? [] : [warning];
        Assert.Equal(expected, TrainingWarnings.Of(new Dictionary<string, double>(healthy) { [figure] = value }, healthy).Select(found => found.Name));
    }

    [Fact]
    public void Energies_that_drift_together_are_warned_of()
    {
        Dictionary<string, double> Figures(double level) => new() { ["energyOfData"] = level - 1, ["energyOfSamples"] = level };
        Assert.Empty(TrainingWarnings.Of(Figures(19.9), Figures(0)));
        Assert.Equal("EnergyDrift", TrainingWarnings.Of(Figures(20.1), Figures(0)).Single().Name);
        Assert.Equal("EnergyDrift", TrainingWarnings.Of(Figures(-19.1), Figures(0)).Single().Name);
    }

    [Fact]
    public void A_latent_is_active_whose_encoding_varies()
    {
        // variances 1, 0.0121 and 0.0081
        Tensor encoded = Tensor.FromArray([1.0, 5 + 0.11, 0.09, -1, 5 - 0.11, -0.09], 2, 3);
        IReadOnlyDictionary<string, double> figures = ActiveLatents.Figures(encoded);
        Assert.Equal(2, figures["activeLatents"]);
        Assert.Equal(3, figures["latentSize"]);
        Assert.Empty(ActiveLatents.Figures(encoded.Slice(0, 0, 1)));
        Assert.Equal("LatentsIgnored", TrainingWarnings.Of(figures, figures).Single().Name);
    }

    [Fact]
    public void Figures_that_are_not_there_call_for_no_warning()
    {
        Dictionary<string, double> none = [];
        Assert.Empty(TrainingWarnings.Of(none, none));
        Assert.Empty(TrainingWarnings.Of(new Dictionary<string, double> { ["lastLayerNorm"] = 1e9, ["featureCount"] = 1 }, none));
    }

    [Theory]
    [InlineData(100, 10, 10)]
    [InlineData(109, 10, 10)]
    [InlineData(110, 10, 11)]
    [InlineData(9, 10, 1)]
    [InlineData(1, 1, 1)]
    public void An_epoch_has_its_full_batches_and_at_least_one(int rows, int batchSize, int steps) =>
        Assert.Equal(steps, new TrainingPlan(3, batchSize).StepsPerEpoch(rows));

    [Theory]
    [InlineData(-1, 1, 1)]
    [InlineData(1, 0, 1)]
    [InlineData(1, 1, 0)]
    public void A_plan_outside_its_ranges_is_refused(int epochs, int batchSize, int logEvery) =>
        Assert.Throws<ArgumentOutOfRangeException>(() => new TrainingPlan(epochs, batchSize, logEvery));
}
