using Lae.Kernels;
using Lae.Models;
using Lae.Networks;
using Lae.Numerics;
using Lae.Optimizers;
using Lae.Randomness;

namespace Lae.Tests.Models;

/// <summary>The prior by an energy, and how the energy learns: exact where a closed form exists.</summary>
public sealed class EnergyPriorTests
{
    [Fact]
    public void With_an_energy_of_zero_it_is_the_standard_normal_bit_for_bit()
    {
        LatentEnergy energy = EnergyCase.Energy(0.01, DType.Float64);
        EnergyPrior prior = energy.Prior(energy.Initialize(RandomKey.FromSeed(1)));
        Tensor z = EnergyCase.Normals(2, 7, 3) * 2;
        Assert.Equal(new StandardNormalPrior().LogDensity(z).ToArray(), prior.LogDensity(z).ToArray());
        Assert.Equal((-z).ToArray(), prior.Density(7, 3, DType.Float64).Evaluate(z).Gradient.ToArray());
        Assert.False(prior.IsNormalized);
    }

    [Fact]
    public void Its_density_has_the_gradient_of_energy_and_base()
    {
        LatentEnergy energy = EnergyCase.Energy(0.01, DType.Float64);
        TensorTree parameters = EnergyCase.Shaken(energy.Initialize(RandomKey.FromSeed(1)), 5);
        Tensor z = EnergyCase.Normals(2, 6, 3);
        EnergyCase.RequireGradient(tree => energy.Prior(parameters).LogDensity(tree["z"]).Sum(), TensorTree.Of(("z", z)));
        Assert.Equal(
            Differentiation.ValueAndGradient(energy.Prior(parameters).LogDensity, z).Gradient.ToArray(), energy.Prior(parameters).Density(6, 3, DType.Float64).Evaluate(z).Gradient.ToArray());
    }

    /// <summary>E(z) = w · z makes N(−w, I): 4,000 draws, so a mean has the deviation 0.016 and a variance 0.022; the limits are at 5.5 of them.</summary>
    [Fact]
    public void Draws_of_a_linear_energy_are_normal_about_minus_its_slope()
    {
        LatentEnergy energy = new(2, new LinearArchitecture(), 0, DType.Float64);
        TensorTree parameters = energy.Initialize(RandomKey.FromSeed(1)).With("weight", Tensor.FromArray([1.0, -0.7], 1, 2));
        Tensor z = energy.Prior(parameters).Sample(RandomKey.FromSeed(3), 4000, 2, DType.Float64);
        double[] mean = z.Mean(0).ToArray();
        double[] variance = (z - z.Mean(0)).Square().Mean(0).ToArray();
        Assert.Equal(-1, mean[0], 0.087);
        Assert.Equal(0.7, mean[1], 0.087);
        Assert.All(variance, value => Assert.Equal(1, value, 0.12));
    }

    [Fact]
    public void No_transitions_give_the_start_and_an_energy_that_is_not_finite_stops()
    {
        EnergyPrior still = new(z => z.Sum(1), transitions: 0);
        Tensor start = EnergyCase.Normals(4, 5, 2);
        Assert.Equal(start.ToArray(), still.Refine(RandomKey.FromSeed(1), start, 0).ToArray());
        EnergyPrior broken = new(z => z.Sum(1) * double.NaN);
        Assert.Throws<NonFiniteStateException>(() => broken.Sample(RandomKey.FromSeed(1), 3, 2, DType.Float64));
        Assert.Throws<ArgumentOutOfRangeException>(() => new EnergyPrior(z => z.Sum(1), transitions: -1));
        Assert.Throws<ArgumentOutOfRangeException>(() => EnergyCase.Energy(-1, DType.Float64));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(0.3)]
    public void The_contrastive_objective_has_its_gradient(double penalty)
    {
        LatentEnergy energy = EnergyCase.Energy(penalty, DType.Float64);
        TensorTree parameters = EnergyCase.Shaken(energy.Initialize(RandomKey.FromSeed(1)), 5);
        (Tensor data, Tensor samples) = (EnergyCase.Normals(2, 6, 3), EnergyCase.Normals(3, 9, 3));
        EnergyCase.RequireGradient(tree => energy.Loss(tree, data, samples), parameters);
    }

    [Fact]
    public void The_contrastive_gradient_is_exactly_zero_where_data_and_samples_coincide()
    {
        LatentEnergy energy = EnergyCase.Energy(0, DType.Float32);
        TensorTree parameters = EnergyCase.Shaken(energy.Initialize(RandomKey.FromSeed(1)), 5);
        Tensor data = EnergyCase.Normals(2, 33, 3).Cast(DType.Float32);
        TensorTree gradient = Differentiation.ValueAndGradient(tree => energy.Loss(tree, data, data + 0), parameters).Gradient;
        Assert.All(gradient, leaf => Assert.All(leaf.Value.ToArray(), value => Assert.Equal(0, value)));

        TensorTree apart = Differentiation.ValueAndGradient(tree => energy.Loss(tree, data, data * 1.01), parameters).Gradient;
        Assert.NotEqual(0, apart["weight"].Abs().Sum().ToDouble());
    }

    /// <summary>One point each, told apart by a linear energy: 2w + 2α(w² + b²) is least at w = −1/(2α), b = 0.</summary>
    [Fact]
    public void The_penalty_bounds_the_energy_at_points_seen()
    {
        const double Penalty = 0.5;
        LatentEnergy energy = new(1, new LinearArchitecture(), Penalty, DType.Float64);
        TensorTree parameters = energy.Initialize(RandomKey.FromSeed(1)).With("bias", Tensor.FromArray([0.3], 1));
        GradientDescent optimizer = new(0.1);
        (Tensor data, Tensor samples) = (Tensor.FromArray([1.0], 1, 1), Tensor.FromArray([-1.0], 1, 1));
        EnergyStep step = energy.Learn(optimizer, parameters, TensorTree.Empty, data, samples);
        for (int i = 0; i < 200; i++)
        {
            step = energy.Learn(optimizer, step.Parameters, step.Optimizer, data, samples);
        }

        Assert.Equal(-1 / (2 * Penalty), step.EnergyOfData, 1e-12);
        Assert.Equal(1 / (2 * Penalty), step.EnergyOfSamples, 1e-12);
    }
}
