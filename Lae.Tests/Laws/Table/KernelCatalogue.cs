namespace Lae.Tests.Laws.Table;

/// <summary>What kernels are told apart by where a law does not apply.</summary>
internal enum Family
{
    Overdamped,
    Metropolis,
    Underdamped,
    StochasticGradients,
    Microcanonical,
    Tempering,
    Amortized,
    Combinators,
    Runner,
}

/// <summary>A column of the table.</summary>
/// <param name="Name">The name that <c>[Proves]</c> uses.</param>
/// <param name="Family">Its table.</param>
/// <param name="Decides">Whether it makes a Metropolis test, so that its law is exact.</param>
/// <param name="HasMomentum">Whether its state has a momentum, or draws one.</param>
internal sealed record KernelColumn(string Name, Family Family, bool Decides = false, bool HasMomentum = false);

/// <summary>All kernels and combinators, by their names in the table.</summary>
internal static class KernelCatalogue
{
    public static IReadOnlyList<KernelColumn> All { get; } =
    [
        new("ULA", Family.Overdamped),
        new("Leimkuhler–Matthews", Family.Overdamped),
        new("MALA", Family.Metropolis, Decides: true),
        new("Barker", Family.Metropolis, Decides: true),
        new("HMC", Family.Metropolis, Decides: true, HasMomentum: true),
        new("HMC two-stage", Family.Metropolis, Decides: true, HasMomentum: true),
        new("GHMC", Family.Metropolis, Decides: true, HasMomentum: true),
        new("MALT", Family.Metropolis, Decides: true, HasMomentum: true),
        new("NUTS", Family.Metropolis, Decides: true, HasMomentum: true),
        new("BAOAB", Family.Underdamped, HasMomentum: true),
        new("OBABO", Family.Underdamped, HasMomentum: true),
        new("ABOBA", Family.Underdamped, HasMomentum: true),
        new("OABAO", Family.Underdamped, HasMomentum: true),
        new("BAOA", Family.Underdamped, HasMomentum: true),
        new("SGLD", Family.StochasticGradients),
        new("pSGLD", Family.StochasticGradients),
        new("SGHMC", Family.StochasticGradients, HasMomentum: true),
        new("SGNHT", Family.StochasticGradients, HasMomentum: true),
        new("BADODAB", Family.StochasticGradients, HasMomentum: true),
        new("MCLMC", Family.Microcanonical, HasMomentum: true),
        new("adjusted MCLMC", Family.Microcanonical, Decides: true, HasMomentum: true),
        new("annealed Langevin", Family.Tempering),
        new("AIS", Family.Tempering),
        new("replica exchange", Family.Tempering, Decides: true),
        new("ALD", Family.Amortized, Decides: true),
        new("compose", Family.Combinators),
        new("cycle", Family.Combinators),
        new("mixture", Family.Combinators),
        new("repeat", Family.Combinators),
        new("thin", Family.Combinators),
        new("anneal", Family.Combinators),
        new("temper", Family.Combinators),
        new("precondition", Family.Combinators),
        new("reparametrise", Family.Combinators),
        new("runner", Family.Runner),
    ];

    /// <summary>The name of a family's table.</summary>
    public static string Title(Family family) => family switch
    {
        Family.Overdamped => "Overdamped",
        Family.Metropolis => "Metropolis-corrected",
        Family.Underdamped => "Underdamped",
        Family.StochasticGradients => "Stochastic gradients",
        Family.Microcanonical => "Microcanonical",
        Family.Tempering => "Tempering and annealing",
        Family.Amortized => "Amortized Langevin",
        Family.Combinators => "Combinators",
        _ => "Runner",
    };
}
